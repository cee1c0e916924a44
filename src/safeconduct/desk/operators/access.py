# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads of people, teams and places."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.functional import Promise

from safeconduct.desk.operators import teams
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Membership, Operator, Team


@dataclass(frozen=True, slots=True)
class Place:
    """One person's place in one team, and whether whoever looks can let them in."""

    membership: Membership
    team: str
    is_waiting: bool
    can_admit: bool

    @property
    def title(self) -> str | Promise:
        return teams.title(self.team)


@dataclass(frozen=True, slots=True)
class Colleague:
    """One row of the people page."""

    operator: Operator
    places: tuple[Place, ...]
    is_you: bool
    fingerprint: str


def colleagues(keyring: Keyring) -> list[Colleague]:
    """Everyone, as this operator sees them. The active ones come first."""
    places = Membership.objects.select_related("key__team")
    everyone = Operator.objects.order_by("-active", "name").prefetch_related(Prefetch("memberships", places))
    held = held_keys(keyring.operator)
    return [_colleague(operator, keyring, held) for operator in everyone]


def held_keys(operator: Operator) -> frozenset[int]:
    """The team keys that have been wrapped to this operator."""
    held = Membership.objects.filter(operator=operator, wrapped__isnull=False)
    return frozenset(held.values_list("key_id", flat=True))


def waiting_place(pk: int, admitter: Operator) -> Membership | None:
    """A place that waits, in a team whose key the admitter holds."""
    waiting = Membership.objects.select_related("key__team", "operator")
    place = waiting.filter(pk=pk, wrapped__isnull=True, operator__active=True).first()
    return place if place and place.key_id in held_keys(admitter) else None


def _colleague(operator: Operator, keyring: Keyring, held: frozenset[int]) -> Colleague:
    places = _one_a_team(_place(membership, held) for membership in operator.memberships.all())
    is_you = operator.pk == keyring.operator.pk
    # One's own comes from the opened key, not from the database: whoever changed that row would be heard out by ear.
    fingerprint = keyring.fingerprint if is_you else operator.fingerprint
    return Colleague(operator, places, is_you, fingerprint)


def _one_a_team(places: Iterable[Place]) -> tuple[Place, ...]:
    """While a team changes its key there are two versions. The place that still waits counts."""
    found: dict[str, Place] = {}
    for place in sorted(places, key=lambda one: (one.is_waiting, one.can_admit)):
        found[place.team] = place
    return tuple(found.values())


def _place(membership: Membership, held: frozenset[int]) -> Place:
    is_waiting = membership.wrapped is None
    return Place(membership, membership.key.team.code, is_waiting, can_admit=is_waiting and membership.key_id in held)


def team_codes() -> list[str]:
    """Every team that has a key."""
    return list(Team.objects.filter(keys__isnull=False).distinct().values_list("code", flat=True))
