# SPDX-License-Identifier: AGPL-3.0-or-later
"""What two people can decide. Each room adds its own kinds at start; adding one needs no migration."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from safeconduct.desk.approvals.errors import UnknownKind
from safeconduct.desk.operators import roles


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of act that needs two people.

    `proposes` and `approves` are acts of `roles.ACTS`. Left for `days`, an open proposal lapses, and so does an approved
    one that was not used. `page` gives the address where its subject is looked at and approved: nobody approves from a list.
    """

    code: str
    sentence: str | Promise
    proposes: str
    approves: str
    days: int = 7
    page: Callable[[str], str] | None = None


_kinds: dict[str, Kind] = {}


def register(kinds: Iterable[Kind]) -> None:
    """Add kinds. Called once per room from its `AppConfig.ready`. Raises `KeyError` for an act that nobody has."""
    for kind in kinds:
        if not {kind.proposes, kind.approves} <= set(roles.ACTS):
            raise KeyError(kind.code)
        _kinds[kind.code] = kind


def known(code: str) -> Kind:
    """The kind of that code. Raises `UnknownKind`."""
    try:
        return _kinds[code]
    except KeyError as error:
        raise UnknownKind(f"register the kind {code!r} first") from error


def all_kinds() -> tuple[Kind, ...]:
    return tuple(_kinds.values())
