# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row says nothing of itself: what prints it might be a log
"""In clear stand a handover's number, its state and days. Everything else is sealed, under the case's erasure key."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from safeconduct.desk.cases.fields import BytesField
from safeconduct.desk.cases.models import Case
from safeconduct.desk.handover.states import HandoverState


class ReceivingUnit(models.Model):
    """Who meets people. Its sectors, languages and hours are sealed to the handover cell: they say where somebody waits."""

    name = models.CharField(max_length=40, unique=True)
    card = BytesField()
    retired = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["name"]


class UnitMember(models.Model):
    """An operator of the role RECEIVING_UNIT belongs to one unit. Whose key was heard stands sealed in the unit's card."""

    operator = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="receiving_unit"
    )
    unit = models.ForeignKey(ReceivingUnit, on_delete=models.CASCADE, related_name="members")


class Handover(models.Model):
    """One attempt to bring the people of one case through. `number` is random: a series would count."""

    number = models.CharField(max_length=6, unique=True)
    case = models.ForeignKey(Case, null=True, on_delete=models.SET_NULL, related_name="handovers")  # null: erased
    state = models.CharField(max_length=10, default=HandoverState.DRAFT.value)
    day = models.DateField()  # the last of the window's days; of an old outcome its month's first
    plan = BytesField(null=True)
    codes = BytesField(null=True)  # R17; gone with the outcome
    sheet = BytesField(null=True)  # sealed to the unit's people alone
    link = BytesField(null=True)  # R20: custody's tokens of those who came; it has no day
    companions = BytesField(null=True)  # whose duress closes the sheet (R5); under the case's erasure key
    members = BytesField(null=True)  # whose words go with the place; under the case's erasure key
    until_row = models.PositiveBigIntegerField(null=True)  # what was said up to the outcome goes with it
    erase_at = models.DateTimeField(null=True)  # while something of an outcome waits to be erased (R16)
    rang_for_stop = models.BooleanField(default=False, db_default=False)  # the alert of this has asked somebody already
    rang_for_outcome = models.BooleanField(default=False, db_default=False)
    rang_for_readers = models.BooleanField(default=False, db_default=False)
    # The person was told words, of this plan or of one that stands no more: they may set out. Gone with the place.
    is_told = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["state", "day"], name="handovers_by_state")]

    @property
    def handover_state(self) -> HandoverState:
        return HandoverState(self.state)


class SheetReader(models.Model):
    """A person of the unit that a sheet was released to, and the key that it was sealed to."""

    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="readers")
    operator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_day = models.DateField(null=True)
    key = BytesField(null=True)  # its name; null: released by an earlier release of this program

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["handover", "operator"], name="one_sheet_per_person"),
        ]
