# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts that are recorded. Each room of the desk adds its own at start; adding one needs no migration."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from safeconduct.desk.audit.errors import UnknownAct


@dataclass(frozen=True, slots=True)
class Act:
    """One kind of act: a stable code that is stored, and its sentence for the monitor's page."""

    code: str
    sentence: str | Promise


_acts: dict[str, Act] = {}


def register(acts: Iterable[Act]) -> None:
    """Add acts. Called once per room from its `AppConfig.ready`."""
    _acts.update({act.code: act for act in acts})


def known(code: str) -> Act:
    """The act of that code. Raises `UnknownAct`: an act without a sentence could not be understood later."""
    try:
        return _acts[code]
    except KeyError as error:
        raise UnknownAct(f"register the act {code!r} before recording it") from error


def sentence(code: str) -> str:
    """The act's sentence, or its bare code when an older release wrote it."""
    return str(_acts[code].sentence) if code in _acts else code
