# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who could be meant. At most fifty are opened for a query, each recorded as read; a person decides (R50)."""

from collections import Counter
from dataclasses import dataclass

from django.db import connection, transaction

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import sealed
from safeconduct.desk.custody.models import Person
from safeconduct.desk.custody.names import indexing, tokens
from safeconduct.desk.custody.names.models import Token
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


@dataclass(frozen=True, slots=True)
class Found:
    """A person, what they said of themselves, and how it compares with what was asked."""

    person: Person
    received: Received
    comparison: Comparison

    @property
    def percent(self) -> int:
        """How likely it is the one who is meant; never nothing and never certainty."""
        return min(max(round(self.comparison.probability * 100), 1), 99)

    @property
    def agrees(self) -> frozenset[str]:
        return frozenset(row.name for row in self.comparison.fields if row.outcome in {Outcome.AGREE, Outcome.CLOSE})


@dataclass(frozen=True, slots=True)
class Answer:
    """The likeliest first, and how many were opened for it."""

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
    found = [
        Found(one, known[one.pk], comparer.compare(who, tokens.identity(known[one.pk])))
        for one in persons
        if one.pk in known
    ]
    alike = [one for one in found if _is_alike(one.comparison)]
    return Answer(tuple(sorted(alike, key=lambda one: (-one.comparison.score, one.person.number))), len(known))


def _is_alike(comparison: Comparison) -> bool:
    """A family name alone fits many, and contradicts nothing: whoever asked wants to see it."""
    outcomes = {row.outcome for row in comparison.fields}
    speaks_for = bool(outcomes & {Outcome.AGREE, Outcome.CLOSE}) and Outcome.DIFFER not in outcomes
    return comparison.worth_showing or speaks_for


def _candidates(keyring: Keyring, who: Identity) -> list[Person]:
    """Those that share most with what is asked, the newest first among equals."""
    team = keyring.operator.plays.team or ""
    telling = _telling(team, tokens.asked(index_key(keyring, team), who))
    weights: Counter[int] = Counter()
    rows = Token.objects.filter(team=team, value__in=telling).order_by("-person")
    for value, person in rows.values_list("value", "person")[: _ROWS + CANDIDATES]:
        weights[person] += tokens.bits_of(value)
    order = sorted(weights, key=lambda person: (-weights[person], -person))[:CANDIDATES]
    known = Person.objects.select_related("camp").in_bulk(order)
    return [known[pk] for pk in order if pk in known]


def _telling(team: str, wanted: set[int]) -> list[int]:
    """The values that fewest share. Who shares only a name with thousands could not be among fifty anyway."""
    taken: list[int] = []
    left = _ROWS
    for rows, value in sorted(_counted(team, wanted)):
        left -= rows
        if taken and left < 0:
            break
        taken.append(value)
    return taken


def _counted(team: str, wanted: set[int]) -> list[tuple[int, int]]:
    if not wanted:
        return []
    marks = ", ".join(["(%s)"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(_COUNT % (marks, _COUNTED), [*wanted, team])
        return [(rows, value) for value, rows in cursor.fetchall() if rows]
