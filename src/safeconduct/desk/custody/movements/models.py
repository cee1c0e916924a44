# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row says nothing of itself: what prints it might be a log
"""Lists of who goes where, and who keeps together. In clear: numbers, camps, days; never why somebody does not travel."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.custody.movements.states import State


class Movement(models.Model):
    """One list: an evacuation or a transfer. It exists before anybody departs (arts. 20, 48)."""

    kind = models.CharField(max_length=10)
    origin = models.ForeignKey(Camp, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(Camp, on_delete=models.PROTECT, related_name="+")
    drawn_up = models.DateField()
    departs = models.DateField()
    departed = models.DateField(null=True)
    state = models.CharField(max_length=10, default=State.DRAWN_UP.value)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(origin=F("to")), name="movements_goes_elsewhere")]


class Listed(models.Model):
    """A person on a list. Who is taken off it stays to be seen."""

    movement = models.ForeignKey(Movement, on_delete=models.CASCADE, related_name="rows")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="listed")
    mark = models.CharField(max_length=10)

    class Meta:
        ordering: ClassVar = ["person__number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["movement", "person"], name="once_on_a_list")]
        indexes: ClassVar = [models.Index(fields=["person", "mark"], name="movements_person_mark")]


class Comrade(models.Model):
    """Who served or arrived together shares a random mark, which says nothing else. `parted`: the day on which they agreed to go alone."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="comrade")
    party = models.CharField(max_length=32, db_index=True)
    parted = models.DateField(null=True)


class LanguageToSee(models.Model):
    """Somebody came to the camp they are in on this day, and nobody who may read their sheet has looked which language came with them."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    camp = models.ForeignKey(Camp, on_delete=models.CASCADE, related_name="+")
    came = models.DateField()
    precision = models.CharField(max_length=8)
