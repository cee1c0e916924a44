# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row says nothing of itself: what prints it might be a log
"""Packages for the Bureau, numbered without a gap, and the worries that its copy for the Power waits for."""

from datetime import timedelta
from typing import ClassVar

from django.db import models

from safeconduct.desk.custody.models import Event, Person, new_token

WITHIN = timedelta(days=3)  # ours, as long as counsel has for whoever asks for them: article 122 names no day


class Series(models.Model):
    """The one series of a line: its name in every package, and the number that was given last."""

    name = models.BinaryField(default=new_token)
    last = models.PositiveBigIntegerField(default=0)


class Package(models.Model):
    """One package. Its bytes stay until the Bureau has said that it has them; then the row alone does.

    `body` is empty while there is no key of the Bureau's to seal it to. `corrects` is the package that it puts right.
    """

    number = models.PositiveBigIntegerField(unique=True)
    token = models.BinaryField(default=new_token)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="packages")
    event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="packages")
    kind = models.CharField(max_length=40)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    power_waits = models.BooleanField(default=False)
    made = models.DateField()
    key = models.BinaryField(null=True)
    body = models.BinaryField(default=b"")
    sent = models.DateField(null=True)
    acknowledged = models.DateField(null=True)
    told = models.OneToOneField(Event, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["number"]
        indexes: ClassVar = [
            models.Index(fields=["number"], condition=models.Q(acknowledged=None), name="bureau_open"),
            models.Index(fields=["person", "kind"], name="bureau_person"),
        ]


class Worry(models.Model):
    """Somebody fears that the Power's knowing would harm this person. Counsel decides; the Agency is told all the same (R26)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="worries")
    raised = models.DateField()
    decided = models.DateField(null=True)
    power_may_know = models.BooleanField(null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], condition=models.Q(decided=None), name="one_open_worry")
        ]
