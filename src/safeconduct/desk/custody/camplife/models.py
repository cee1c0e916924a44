# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row says nothing of itself: what prints it might be a log
"""In clear: days, counts, who was elected by number, which body visits. No table has a place for who voted, or how (R31)."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from safeconduct.desk.custody.models import Camp, Event, Person, new_token


class Election(models.Model):
    """A ballot, or the recognition of a senior officer. Of the votes only counts are kept."""

    camp = models.ForeignKey(Camp, on_delete=models.PROTECT, related_name="elections")
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=8)
    voters = models.PositiveIntegerField(default=0)
    cast = models.PositiveIntegerField(default=0)
    until = models.DateField()

    class Meta:
        ordering: ClassVar = ["pk"]


class Representative(models.Model):
    """Somebody elected. They act once the Power that holds them has approved; a refusal's reason goes to the Protecting Power."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="elected")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    votes = models.PositiveIntegerField(default=0)
    approved = models.DateField(null=True)
    refused = models.DateField(null=True)
    power_told = models.DateField(null=True)
    ended = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["-votes", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["election", "person"], name="elected_once"),
            models.CheckConstraint(
                condition=models.Q(refused__isnull=True) | models.Q(power_told__isnull=False), name="refusal_is_told"
            ),
        ]


class Visit(models.Model):
    """A visit that was asked for; `stands` False: it never was. `token` binds what is sealed about it.

    `makings` counts how often it was struck that it was made: what was written of it then is a page of its own.
    """

    camp = models.ForeignKey(Camp, on_delete=models.PROTECT, related_name="visits")
    token = models.BinaryField(unique=True, default=new_token)
    body = models.CharField(max_length=5)
    asked = models.DateField()
    made = models.DateField(null=True)
    visitors = models.PositiveIntegerField(default=0)
    is_everywhere = models.BooleanField(default=False)
    is_without_witnesses = models.BooleanField(default=False)
    stands = models.BooleanField(default=True)
    makings = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-asked", "-pk"]

    @property
    def name(self) -> str:
        """What it is called among the duties: two visits are owed apart from each other."""
        return f"{self.body} {self.pk}"


class StruckVisit(models.Model):
    """What was entered of a visit by mistake, as it stood: that it was made, or that it was ever asked for."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="struck")
    what = models.CharField(max_length=5)
    why = models.CharField(max_length=12)
    entered = models.DateField()
    day = models.DateField()
    visitors = models.PositiveIntegerField(default=0)
    is_everywhere = models.BooleanField(default=False)
    is_without_witnesses = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["pk"]


class Refusal(models.Model):
    """A visit put off until a day, by two people. `refused` None: nobody has approved it. After `until` it is owed again."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="refusals")
    until = models.DateField()
    refused = models.DateField(null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    is_over = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["pk"]


class Words(models.Model):
    """What was written of a visit, sealed to one team. The newest of a kind counts; earlier ones stay."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="words")
    kind = models.CharField(max_length=20)
    team = models.CharField(max_length=12)
    key_version = models.PositiveIntegerField()
    body = models.BinaryField()
    signature = models.BinaryField(default=b"")

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["team"], name="camplife_team")]
