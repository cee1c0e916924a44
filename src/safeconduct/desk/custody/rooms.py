# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the rooms of custody take part in what the register does. Each adds its own at start; the register knows none of them.

A room (wishes, medical, mail …) is an app of its own below this one: it imports the register, and never another room.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.custody.models import Event as EventRow
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.reception import Received

# Raises a `CustodyError` when this must not happen to this person now; the camp is where it would take them.
Gate = Callable[[Operator, Person, PersonEvent, Camp | None], None]
# What follows from an event, inside its transaction: it stands now, or (`stands` False) was struck.
After = Callable[[EventRow], None]
# Raises a `CustodyError` while a room still needs this camp: it must not be closed.
Needed = Callable[[Camp], None]
# What waits for somebody's open keys: done for whoever opens the board, and has just registered somebody, described them or entered an event; behind their transaction.
Unlocked = Callable[[Keyring], None]
# What a room has under a number that was put right; inside that act.
Renumbered = Callable[[Person, str], None]
# What a room keeps of who has just been registered, while their answers are in the clear.
Kept = Callable[[Person, Received], None]
# Whether a page about this person is there for somebody in this role.
Shown = Callable[[Role, Person], bool]


class Group(Enum):
    """What somebody comes to a person's or a camp's page for; in this order."""

    PAPERS = _("Papers")
    MOVEMENTS = _("Movements")
    WISHES = _("Wishes and complaints")
    PUT_RIGHT = _("Put right")
    CAMP = _("Life in the camp")


@dataclass(frozen=True, slots=True)
class Link:
    """A page of a room about one person or one camp. Its address takes the person's `number`, or the camp's `pk`."""

    address: str
    act: str
    title: str | Promise
    group: Group
    shown: Shown | None = None  # None: whoever may the act


_OURS = (
    Link("custody:details", "custody.identity", _("Details"), Group.PAPERS),
    Link("custody:number", "custody.renumber", _("Correct the number"), Group.PUT_RIGHT),
    Link("custody:registration", "custody.take_back", _("Put the registration right"), Group.PUT_RIGHT),
)
_OURS_OF_CAMPS = (Link("custody:cards", "custody.identity", _("Capture cards"), Group.PAPERS),)
_of_persons: list[Link] = []
_of_camps: list[Link] = []
_gates: list[Gate] = []
_afters: list[After] = []
_keepers: list[Kept] = []
_needs: list[Needed] = []
_unlocked: list[Unlocked] = []
_renumbered: list[Renumbered] = []


def register(
    *,
    persons: Iterable[Link] = (),
    camps: Iterable[Link] = (),
    gates: Iterable[Gate] = (),
    afters: Iterable[After] = (),
    keepers: Iterable[Kept] = (),
) -> None:
    """Called once by each room from its `AppConfig.ready`."""
    _of_persons.extend(persons)
    _of_camps.extend(camps)
    _gates.extend(gates)
    _afters.extend(afters)
    _keepers.extend(keepers)


def hold_open(needed: Needed) -> None:
    """Called once by a room that sends people to camps: it is asked before one closes."""
    _needs.append(needed)


def when_unlocked(act: Unlocked) -> None:
    """Called once by a room whose work waits for somebody's open keys."""
    _unlocked.append(act)


def when_renumbered(act: Renumbered) -> None:
    """Called once by a room that keeps something under people's numbers."""
    _renumbered.append(act)


def links_of_person(role: Role, person: Person) -> list[tuple[str | Promise, list[Link]]]:
    """What a person in this role may open from this prisoner's page, by what they came for."""
    mine = [link for link in (*_OURS, *_of_persons) if roles.may(role, link.act)]
    return _grouped([link for link in mine if link.shown is None or link.shown(role, person)])


def links_of_camp(role: Role) -> list[tuple[str | Promise, list[Link]]]:
    """The same from a camp's page."""
    return _grouped([link for link in (*_OURS_OF_CAMPS, *_of_camps) if roles.may(role, link.act)])


def _grouped(links: Sequence[Link]) -> list[tuple[str | Promise, list[Link]]]:
    grouped = [(group.value, [link for link in links if link.group is group]) for group in Group]
    return [(title, some) for title, some in grouped if some]


def require_open(actor: Operator, person: Person, event: PersonEvent, camp: Camp | None) -> None:
    """Every room may refuse. Raises what the first gate raises."""
    for gate in _gates:
        gate(actor, person, event, camp)


def require_unused(camp: Camp) -> None:
    """Every room may need a camp that is about to close. Raises what the first raises."""
    for needed in _needs:
        needed(camp)


def follow(row: EventRow) -> None:
    """Let each room do what follows from an event of a person or a camp."""
    for after in _afters:
        after(row)


def keep(person: Person, received: Received) -> None:
    """Let each room keep what it needs of a person's answers."""
    for keeper in _keepers:
        keeper(person, received)


def catch_up(keyring: Keyring) -> None:
    """Let each room do what waited for open keys of this person's team."""
    for act in _unlocked:
        act(keyring)


def tell_renumbered(person: Person, old: str) -> None:
    """Let each room settle what it has under the old number."""
    for act in _renumbered:
        act(person, old)
