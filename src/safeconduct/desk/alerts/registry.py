# SPDX-License-Identifier: AGPL-3.0-or-later
"""The kinds of alerts. Each room of the desk adds its own at start; adding one needs no migration."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from safeconduct.desk.alerts.errors import UnknownKind
from safeconduct.desk.operators.roles import Role


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of alert: a stable code that is stored, its sentence, and the name of the page where one looks.

    `lasts`: the room that raised it says with `settle_alert` when it is over. Another kind ends when somebody takes it.
    `audience`: the roles that alone see, count and take it; None: everybody who sees alerts. No message outside the desk
    changes for a kind with an audience, and nobody further down the roster is asked: whoever looked and found nothing
    would know for whom it is. The sentence stands on the desk's page alone; no transport ever carries it.
    `asks`: the roles that can mend it, and so are asked first; None: at the desk of the line those who may open `page`.
    """

    code: str
    sentence: str | Promise
    page: str = ""
    lasts: bool = False
    audience: frozenset[Role] | None = None
    asks: frozenset[Role] | None = None


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


def audience(code: str) -> frozenset[Role] | None:
    """The roles that alone see it; None: everybody who sees alerts."""
    return _kinds[code].audience if code in _kinds else None


def asks(code: str) -> frozenset[Role] | None:
    """The roles that were named as able to mend it; None: nobody was named."""
    return _kinds[code].asks if code in _kinds else None


def apart() -> list[str]:
    """The kinds that have an audience of their own."""
    return [kind.code for kind in _kinds.values() if kind.audience is not None]


def hidden_from(role: Role) -> list[str]:
    """The kinds that stand on no page of this role."""
    return [kind.code for kind in _kinds.values() if kind.audience is not None and role not in kind.audience]
