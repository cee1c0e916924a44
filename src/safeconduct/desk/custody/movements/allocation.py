# SPDX-License-Identifier: AGPL-3.0-or-later
"""Proposes a camp for everybody, and refuses nobody (arts. 19 to 25). Pure: the same people and camps give the same proposal.

Hard: the category of the quarters, what a person needs, free places. Wished: a language that the camp speaks. Comrades are
one party and go together (art. 22), unless one of them needs a bed: care comes before company (arts. 15, 30). How far a camp is
is not known. What fits nowhere goes to a transit camp, and at the last to the camp with most room.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from safeconduct.vocabulary.custody import CampKind, Category, Need

K = CampKind


@dataclass(frozen=True, slots=True)
class Choice:
    """A camp that is open, and its free places; below nought where it holds more people than it has."""

    camp: int
    kind: CampKind
    free: Mapping[Category, int]
    languages: frozenset[str] = frozenset()
    needs: frozenset[Need] = frozenset()


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who needs a place. `party` is the mark that comrades share; none for who goes alone, or has agreed to."""

    number: str
    category: Category
    language: str = ""
    needs: frozenset[Need] = frozenset()
    party: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where one person should go. `fits` is false when they go there only because nothing fits."""

    number: str
    camp: int
    category: Category
    fits: bool


@dataclass(slots=True)
class _Room:
    """A camp while places in it are being given away."""

    choice: Choice
    free: dict[Category, int] = field(default_factory=dict)

    def takes(self, party: Sequence[Arrival]) -> bool:
        return all(self.free.get(category, 0) >= wanted for category, wanted in _wanted(party).items())

    def serves(self, party: Sequence[Arrival]) -> bool:
        return all(one.needs <= self.choice.needs for one in party)

    def give(self, party: Sequence[Arrival]) -> None:
        for category, wanted in _wanted(party).items():
            self.free[category] = self.free.get(category, 0) - wanted

    def unspoken(self, party: Sequence[Arrival]) -> int:
        return sum(bool(one.language) and one.language not in self.choice.languages for one in party)

    def left(self, party: Sequence[Arrival]) -> int:
        """What would be left in the scarcest of the quarters that the party needs."""
        return min(self.free.get(category, 0) - wanted for category, wanted in _wanted(party).items())


def allocate(people: Iterable[Arrival], camps: Iterable[Choice]) -> dict[str, Proposal]:
    """A proposal for every number. The largest parties first, because they are hardest to place. Raises `ValueError` without a camp."""
    rooms = [_Room(one, dict(one.free)) for one in sorted(camps, key=lambda one: one.camp)]
    if not rooms:
        raise ValueError("there is no open camp")
    proposed: dict[str, Proposal] = {}
    for party in _parties(people):
        room, fits = _chosen(party, rooms)
        room.give(party)
        proposed |= {one.number: Proposal(one.number, room.choice.camp, one.category, fits) for one in party}
    return proposed


def _parties(people: Iterable[Arrival]) -> list[list[Arrival]]:
    parties = defaultdict(list)
    for one in sorted(people, key=lambda one: one.number):
        alone = not one.party or Need.BED in one.needs
        parties[("alone", one.number) if alone else ("party", one.party)].append(one)
    return sorted(parties.values(), key=lambda party: (-len(party), party[0].number))


def _chosen(party: Sequence[Arrival], rooms: Sequence[_Room]) -> tuple[_Room, bool]:
    fitting = [room for room in rooms if room.takes(party) and room.serves(party)]
    for kind in _kinds(party):
        if among := [room for room in fitting if room.choice.kind is kind]:
            return min(among, key=lambda room: (room.unspoken(party), -room.left(party), room.choice.camp)), True
    return _overflow(party, rooms), False


def _kinds(party: Sequence[Arrival]) -> tuple[CampKind, ...]:
    """Who needs a bed goes to a hospital if there is one; nobody else does."""
    return (K.HOSPITAL, K.PERMANENT) if any(Need.BED in one.needs for one in party) else (K.PERMANENT,)


def _overflow(party: Sequence[Arrival], rooms: Sequence[_Room]) -> _Room:
    """A transit camp that has the places, else the camp with most room; one that has such quarters before one that has to make them."""
    transit = [room for room in rooms if room.choice.kind is K.TRANSIT and room.takes(party)]
    living = [room for room in rooms if room.choice.kind is not K.HOSPITAL]
    needs_bed = any(Need.BED in one.needs for one in party)
    among = transit or (rooms if needs_bed else living) or rooms

    def worth(room: _Room) -> tuple[bool, bool, int, int]:
        has_quarters = all(category in room.choice.free for category in _wanted(party))
        return (not has_quarters, not room.serves(party), -room.left(party), room.choice.camp)

    return min(among, key=worth)


def _wanted(party: Sequence[Arrival]) -> dict[Category, int]:
    wanted: dict[Category, int] = defaultdict(int)
    for one in party:
        wanted[one.category] += 1
    return wanted
