# SPDX-License-Identifier: AGPL-3.0-or-later
"""What nobody could open any more without this person: keys of teams that are wrapped to them and to no one else."""

from dataclasses import dataclass

from django.utils.functional import Promise

from safeconduct.desk.operators import teams
from safeconduct.desk.operators.models import Membership, Operator


@dataclass(frozen=True, slots=True)
class OnlyHere:
    """A version of a team's key that is in use and that one person alone holds. `shares`: as "3/5", or nothing."""

    team: str
    version: int
    shares: str

    @property
    def title(self) -> str | Promise:
        return teams.title(self.team)


def only_held_by(operator: Operator) -> list[OnlyHere]:
    """Inside an act the places stay locked until it ends, so that of two last holders not both go at once."""
    held = Membership.objects.filter(wrapped__isnull=False, operator__active=True, key__retired=False)
    theirs = set(held.filter(operator=operator).values_list("key_id", flat=True))
    rows = held.filter(key__in=theirs).select_related("key__team").order_by("key")
    others = {row.key_id for row in rows if row.operator_id != operator.pk}
    return [
        OnlyHere(row.key.team.code, row.key.version, row.key.shares)
        for row in rows
        if row.operator_id == operator.pk and row.key_id not in others
    ]


def lock_places(operator: Operator) -> None:
    """Called inside an act, before it asks."""
    keys = Membership.objects.filter(operator=operator).values_list("key_id", flat=True)
    list(Membership.objects.select_for_update().filter(key__in=list(keys)).order_by("pk").values_list("pk"))
