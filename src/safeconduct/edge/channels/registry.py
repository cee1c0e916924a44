# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which channels there are: those of the vocabulary's registry that have a folder here."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import TypeVar

import msgspec

from safeconduct.edge.channels.contract import Channel, Facts
from safeconduct.edge.channels.errors import SendRefused, SettingsRefused
from safeconduct.edge.channels.private_files import read_private
from safeconduct.edge.channels.reach import Reach
from safeconduct.vocabulary.channels import CHANNELS

S = TypeVar("S", bound=msgspec.Struct)


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
        channel: Channel = module.make(_read(settings, module.Settings), reach)
    except (SettingsRefused, SendRefused) as error:  # the latter: an address that is none
        raise SettingsRefused(f"{error}; see {readme(code)}") from None
    return channel


def readme(code: str) -> str:
    """Which file of the release tells how to set a channel up."""
    return f"src/safeconduct/edge/channels/{code}/README.md"


def _read(settings: Path, kind: type[S]) -> S:
    try:
        return msgspec.toml.decode(read_private(settings), type=kind)
    except msgspec.ValidationError as error:  # it names the setting and never its value
        raise SettingsRefused(f"{settings}: {error}") from None
    except (ValueError, RecursionError) as error:
        raise SettingsRefused(f"{settings} is not TOML ({_place(error)})") from None


def _place(error: Exception) -> str:
    """Where, and not what: there may be a token on the line."""
    found = re.search(r"line \d+", str(error))
    return found[0] if found else type(error).__name__


def _module(code: str) -> ModuleType:
    if code not in codes():
        raise SettingsRefused(f"there is no channel {code!r}; there are {', '.join(codes())}")
    return import_module(f"{__package__}.{code}.channel")
