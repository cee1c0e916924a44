# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row says nothing of itself: what prints it might be a log
"""A shift that is handed over. Its time and note are sealed to intake; a week later all of it is gone."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from safeconduct.desk.approvals.models import Proposal
from safeconduct.desk.cases.fields import BytesField
from safeconduct.desk.cases.models import Case


class ShiftHandover(models.Model):
    """Made by one person of those who leave, for those who come."""

    day = models.DateField()
    sealed = models.BinaryField()  # `access.Note`
    submission = BytesField(null=True, unique=True)  # of the form that made it: the same form twice makes one

    class Meta:
        ordering: ClassVar = ["-id"]


class Side(models.TextChoices):
    """On which side of the table somebody sits."""

    GIVES = "gives"
    TAKES = "takes"


class ShiftPerson(models.Model):
    """One name on the roster. Who takes over says so themselves."""

    handover = models.ForeignKey(ShiftHandover, on_delete=models.CASCADE, related_name="people")
    operator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    side = models.CharField(max_length=5)
    is_author = models.BooleanField(default=False)
    acknowledged_day = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["operator__name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["handover", "operator"], name="one_side_of_the_table"),
            models.CheckConstraint(
                name="who_gives_acknowledges_nothing", condition=Q(side="takes") | Q(acknowledged_day=None)
            ),
        ]


class ShiftItem(models.Model):
    """A case that was open when the shift ended. It goes with the case: whoever erases theirs leaves nothing here (R48)."""

    handover = models.ForeignKey(ShiftHandover, on_delete=models.CASCADE, related_name="items")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=8)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["handover", "case"], name="one_item_a_case")]


class ShiftApproval(models.Model):
    """What waited for a second person when the shift ended, of what concerns those who left. It goes with the proposal."""

    handover = models.ForeignKey(ShiftHandover, on_delete=models.CASCADE, related_name="approvals")
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["handover", "proposal"], name="one_line_a_proposal")]
