# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who could be meant. At most fifty are opened for a query, each recorded as read; a person decides (R50)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import sealed
from safeconduct.desk.custody.models import Person
from safeconduct.desk.custody.names import fitting, indexing, tokens
from safeconduct.desk.operators.index_key import index_key
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.matching.comparing import Comparer, Comparison, Identity, Outcome
from safeconduct.vocabulary.reception import Received

CANDIDATES = 50
SHOWN = 10
_ROWS = 3_000  # of the index that a query weighs, unless the rarest value alone has more
_COUNTED = 10 * _ROWS
_COUNT = (
    "WITH wanted (value) AS (VALUES %s) SELECT value, (SELECT COUNT(*) FROM ("
    "SELECT 1 FROM custody_names_token token WHERE token.team = %%s AND token.value = wanted.value LIMIT %d) counted) FROM wanted"
)
# Weighed in the database: three thousand rows, fetched to be weighed here, cost milliseconds.
_RANK = (
    "SELECT person_id FROM (SELECT person_id, value FROM custody_names_token WHERE team = %%s AND value IN (%s) "
    "ORDER BY person_id DESC LIMIT %d) shared GROUP BY person_id ORDER BY SUM(%s) DESC, person_id DESC LIMIT %d"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A person, what they said of themselves, and how it compares with what was asked."""

    person: Person
    received: Received
    comparison: Comparison
    fits: int  # of a hundred: what was typed, by what they said

    @property
    def agrees(self) -> frozenset[str]:
        return frozenset(row.name for row in self.comparison.fields if row.outcome in {Outcome.AGREE, Outcome.CLOSE})


@dataclass(frozen=True, slots=True)
class Answer:
    """Who fits best what was typed first, and how many were opened for it."""

    found: tuple[Found, ...]
    opened: int

    @property
    def shown(self) -> tuple[Found, ...]:
        return self.found[:SHOWN]

    @property
    def further(self) -> int:
        return len(self.found) - len(self.shown)


def find(keyring: Keyring, asked: Received) -> Answer:
    """Who of the register could be this one. Opens nothing when nothing is asked that can be looked up.

    Raises `NotAdmitted`, `Tampered`.
    """
    indexing.catch_up(keyring)
    who = tokens.sought(asked)
    return _compared(keyring, who, _candidates(keyring, who))


@transaction.atomic
def _compared(keyring: Keyring, who: Identity, persons: list[Person]) -> Answer:
    known = sealed.newest_of([one.pk for one in persons], keyring, sealed.IDENTITY)
    if known:
        opened = " ".join(one.number for one in persons if one.pk in known)
        audit.record(keyring.operator, "custody.searched", opened)
    comparer = Comparer()
    found = [_found(one, known[one.pk], who, comparer) for one in persons if one.pk in known]
    alike = sorted(filter(_is_alike, found), key=lambda one: (-one.fits, -one.comparison.score, one.person.number))
    return Answer(tuple(alike), len(known))


def could_be(who: Identity, received: Received, comparer: Comparer) -> bool:
    """Whether somebody who said this of themselves is shown to whoever asks for this one."""
    return _is_alike(_found(Person(), received, who, comparer))


def _found(person: Person, received: Received, who: Identity, comparer: Comparer) -> Found:
    said = tokens.identity(received)
    comparison = comparer.compare(who, said)
    return Found(person, received, comparison, fitting.fits(who, said, comparison, comparer))


def _is_alike(one: Found) -> bool:
    """A family name alone fits many, and contradicts nothing: whoever asked wants to see it."""
    outcomes = {row.outcome for row in one.comparison.fields}
    speaks_for = bool(outcomes & {Outcome.AGREE, Outcome.CLOSE}) and Outcome.DIFFER not in outcomes
    return one.comparison.worth_showing or speaks_for or one.fits >= fitting.ENOUGH


def _candidates(keyring: Keyring, who: Identity) -> list[Person]:
    """Those that share most with what is asked, the newest first among equals."""
    team = keyring.operator.plays.team or ""
    telling = _telling(team, tokens.asked(index_key(keyring, team), who))
    order = _ranked(team, telling) if telling else []
    known = Person.objects.select_related("camp").in_bulk(order)
    return [known[pk] for pk in order if pk in known]


def _ranked(team: str, telling: Sequence[int]) -> list[int]:
    marks = ", ".join(["%s"] * len(telling))
    with connection.cursor() as cursor:
        cursor.execute(_RANK % (marks, _ROWS + CANDIDATES, tokens.SQL_BITS, CANDIDATES), [team, *telling])
        return [person for (person,) in cursor.fetchall()]


def _telling(team: str, wanted: Collection[int]) -> list[int]:
    """The values that fewest share. Who shares only a name with thousands could not be among fifty anyway."""
    counted = _counted(team, wanted, _ROWS + 1)
    if counted and min(counted)[0] > _ROWS:  # thousands share each: which fewest share has to be known all the same
        counted = _counted(team, wanted, _COUNTED)
    taken: list[int] = []
    left = _ROWS
    for rows, value in sorted(counted):
        left -= rows
        if taken and left < 0:
            break
        taken.append(value)
    return taken


def _counted(team: str, wanted: Collection[int], most: int) -> list[tuple[int, int]]:
    """How many share each value that anybody has; `most` where more do."""
    if not wanted:
        return []
    marks = ", ".join(["(%s)"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(_COUNT % (marks, most), [*wanted, team])
        return [(rows, value) for value, rows in cursor.fetchall() if rows]
