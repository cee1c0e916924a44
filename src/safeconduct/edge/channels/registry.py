# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which channels there are: those of the vocabulary's registry that have a folder here."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from types import ModuleType

import msgspec

from safeconduct.edge.channels.contract import Channel, Facts
from safeconduct.edge.channels.errors import SettingsRefused
from safeconduct.edge.channels.reach import Reach
from safeconduct.vocabulary.channels import CHANNELS


@cache
def codes() -> tuple[str, ...]:
    """The channels that can be run."""
    here = files(__package__)
    return tuple(code for code in CHANNELS if here.joinpath(code, "channel.py").is_file())


def facts(code: str) -> Facts:
    """Raises `SettingsRefused` for a channel that is not there."""
    found = _module(code).FACTS
    if not isinstance(found, Facts):
        raise TypeError(f"channels/{code}/channel.py has no FACTS")
    return found


def facts_of_all() -> Mapping[str, Facts]:
    return {code: facts(code) for code in codes()}


def make(code: str, settings: Path, reach: Reach) -> Channel:
    """The channel with its settings (TOML). Raises `SettingsRefused`, with the mend."""
    module = _module(code)
    try:
        read = msgspec.toml.decode(settings.read_bytes(), type=module.Settings)
    except OSError as error:
        raise SettingsRefused(
            f"{settings} cannot be read ({error.strerror}); see edge/channels/{code}/README.md"
        ) from error
    except msgspec.DecodeError as error:
        raise SettingsRefused(f"{settings}: {error}; see edge/channels/{code}/README.md") from error
    channel: Channel = module.make(read, reach)
    return channel


def _module(code: str) -> ModuleType:
    if code not in codes():
        raise SettingsRefused(f"there is no channel {code!r}; there are {', '.join(codes())}")
    return import_module(f"{__package__}.{code}.channel")
