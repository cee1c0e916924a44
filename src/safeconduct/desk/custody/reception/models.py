# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row says nothing of itself: what prints it might be a log
"""In clear: who was entered on one sheet, and that there are receipts. What was said and what was taken is sealed."""

from typing import ClassVar

from django.db import models

from safeconduct.desk.custody.models import Camp, Event, Person

TICKET_BYTES = 16


class Sheet(models.Model):
    """People who were entered together: one camp, one day. `ticket` is random: the same page sent twice is one sheet."""

    ticket = models.BinaryField(unique=True)
    camp = models.ForeignKey(Camp, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    entered = models.DateField()

    class Meta:
        ordering: ClassVar = ["-pk"]


class Row(models.Model):
    """A person on a sheet."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="rows")
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]


class Receipt(models.Model):
    """One receipt for effects (art. 18), numbered for each person. Its articles lie in the sealed page of that number."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    taken = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+")
    given = models.OneToOneField(Event, null=True, on_delete=models.PROTECT, related_name="+")
    back = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "number"], name="one_receipt_a_number")]
