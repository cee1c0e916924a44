# SPDX-License-Identifier: AGPL-3.0-or-later
"""The kinds of alerts. Each room of the desk adds its own at start; adding one needs no migration."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from safeconduct.desk.alerts.errors import UnknownKind


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of alert: a stable code that is stored, its sentence, and the name of the page where one looks.

    `lasts`: the room that raised it says with `settle_alert` when it is over. Another kind ends when somebody takes it.
    The sentence stands on the desk's page alone; no transport ever carries it.
    """

    code: str
    sentence: str | Promise
    page: str = ""
    lasts: bool = False


_kinds: dict[str, Kind] = {}


def register(kinds: Iterable[Kind]) -> None:
    """Add kinds. Called once per room from its `AppConfig.ready`."""
    _kinds.update({kind.code: kind for kind in kinds})


def known(code: str) -> Kind:
    """The kind of that code. Raises `UnknownKind`."""
    try:
        return _kinds[code]
    except KeyError:
        raise UnknownKind(f"register the alert {code!r} before raising it") from None


def sentence(code: str) -> str | Promise:
    """Its sentence, or its bare code when an older release raised it."""
    return _kinds[code].sentence if code in _kinds else code


def page(code: str) -> str:
    """The name of the page where one looks, or nothing."""
    return _kinds[code].page if code in _kinds else ""
