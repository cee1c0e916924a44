# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where each team stands with its keys. Reads, and what is owed; `rotation_acts` does the work.

due → adding → clearing → waiting → checking → done. Nothing is ever taken from a row that the new key does not open:

- adding: the new key is wrapped to everything beside the older ones.
- clearing: the older wraps are destroyed, row by row, once two people (or all there are) hold the new key.
- waiting: the public door seals to the older key until the board names the new one, and a cut-off edge for days after.
- checking: everything is looked at once more; then the older key's last wraps are destroyed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum

from django.utils.functional import Promise

from safeconduct.desk.operators import rewrapping, teams
from safeconduct.desk.operators.models import KeyRotation, Membership, Operator, RotationPart, Team, TeamKey

LATE_ARRIVALS = timedelta(days=7)  # an edge that was cut off brings what it sealed before it read the board
ENOUGH = 2  # holders: with one, a lost passphrase loses everything
MONITOR = "monitor"  # the record's chain is never changed, so what was sealed to older keys stays as it is


class State(Enum):
    """The strings are stored."""

    DUE = "due"
    ADDING = "adding"
    CLEARING = "clearing"
    WAITING = "waiting"
    CHECKING = "checking"
    DONE = "done"
    SUPERSEDED = "superseded"


UNDER_WAY = (State.ADDING, State.CLEARING, State.WAITING, State.CHECKING)
_UNDER_WAY = [state.value for state in UNDER_WAY]


@dataclass(frozen=True, slots=True)
class Standing:
    """One team's keys, as one of its members sees them."""

    team: str
    newest: TeamKey
    older: tuple[TeamKey, ...]
    holders: tuple[Operator, ...]  # of the newest
    waiting: tuple[Operator, ...]
    due: KeyRotation | None
    under_way: KeyRotation | None
    parts: tuple[RotationPart, ...]
    may_work: bool  # whether this person holds every version that is in use

    @property
    def title(self) -> str | Promise:
        return teams.title(self.team)

    @property
    def state(self) -> State | None:
        return State(self.under_way.state) if self.under_way else None

    @property
    def is_held_enough(self) -> bool:
        return is_held_enough(self.newest)

    @property
    def can_end(self) -> bool:
        """Whether the wait for late arrivals is over."""
        return is_quiet(self.newest, today())

    @property
    def ends(self) -> date | None:
        return self.newest.published + LATE_ARRIVALS if self.newest.published else None

    @property
    def percent(self) -> int:
        looked, total = sum(part.looked for part in self.parts), sum(part.total for part in self.parts)
        return min(100, 100 * looked // total) if total else 100

    @property
    def closed(self) -> int:
        return sum(part.closed for part in self.parts)

    @property
    def has_work(self) -> bool:
        """Whether a page that stays open would get further now."""
        if self.under_way is None or not self.may_work:
            return False
        if self.state is State.ADDING and all(part.ended for part in self.parts):
            return self.is_held_enough
        return self.state is not State.WAITING or self.can_end


def today() -> date:
    """UTC's; no row of a rotation needs the minute."""
    return datetime.now(UTC).date()


def owe(teams: Iterable[Team]) -> None:
    """Each of these teams needs a new key, made by one of its members. Called inside an act."""
    for team in teams:
        KeyRotation.objects.get_or_create(team=team, state=State.DUE.value, defaults={"since": today()})


def under_way(team: str) -> KeyRotation | None:
    return KeyRotation.objects.select_related("key__team").filter(team__code=team, state__in=_UNDER_WAY).first()


def in_use(team: str) -> list[TeamKey]:
    """Every version that something may still be sealed to, newest first."""
    return list(TeamKey.objects.select_related("team").filter(team__code=team, retired=False).order_by("-version"))


def standing(team: str, operator: Operator) -> Standing | None:
    """None for a team without a key."""
    keys = in_use(team)
    if not keys:
        return None
    places = Membership.objects.filter(key=keys[0], operator__active=True).select_related("operator")
    working = under_way(team)
    return Standing(
        team=team,
        newest=keys[0],
        older=tuple(keys[1:]),
        holders=tuple(place.operator for place in places if place.wrapped is not None),
        waiting=tuple(place.operator for place in places if place.wrapped is None),
        due=KeyRotation.objects.filter(team__code=team, state=State.DUE.value).first(),
        under_way=working,
        parts=tuple(working.parts.all()) if working else (),
        may_work=holds_all(operator, keys),
    )


def call_for(operator: Operator) -> str:
    """What the head of every page asks of this member of a team: "due", "work" or nothing."""
    team = operator.plays.team
    if team is None:
        return ""
    states = set(KeyRotation.objects.filter(team__code=team).values_list("state", flat=True))
    if State.DUE.value in states:
        return "due"
    found = standing(team, operator) if states & set(_UNDER_WAY) else None
    return "work" if found is not None and found.has_work else ""


def holds_all(operator: Operator, keys: Iterable[TeamKey]) -> bool:
    wanted = {key.pk for key in keys}
    held = Membership.objects.filter(operator=operator, key__in=wanted, wrapped__isnull=False)
    return set(held.values_list("key_id", flat=True)) == wanted


def is_held_enough(newest: TeamKey) -> bool:
    """Two people at least, or everybody there is."""
    places = Membership.objects.filter(key=newest, operator__active=True)
    held = places.filter(wrapped__isnull=False).count()
    return held >= min(ENOUGH, places.count())


def is_quiet(newest: TeamKey, day: date) -> bool:
    """Nothing more is sealed to an older key: the door has known the new one for long enough."""
    return newest.published is not None and day >= newest.published + LATE_ARRIVALS


def begin_pass(rotation: KeyRotation, team: str) -> None:
    """Every kind of row from its start."""
    rotation.parts.all().delete()
    RotationPart.objects.bulk_create(
        RotationPart(rotation=rotation, code=one.code, total=one.count(team)) for one in rewrapping.all_of_them()
    )
