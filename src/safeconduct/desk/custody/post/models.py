# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row says nothing of itself: what prints it might be a log
"""In clear stand kinds and days of pieces. What is in a parcel is sealed to the mail office; of a letter nothing is kept."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q

from safeconduct.desk.custody.models import Camp, Event, Person

LETTERS_LEAST, CARDS_LEAST = 2, 4  # a month, capture cards aside (art. 71)


class Allowance(models.Model):
    """What everybody in a camp may send in a month. A camp without a row has the Convention's; the store itself refuses less."""

    camp = models.OneToOneField(Camp, on_delete=models.CASCADE, related_name="+")
    letters = models.PositiveSmallIntegerField()
    cards = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(
                condition=Q(letters__gte=LETTERS_LEAST, cards__gte=CARDS_LEAST), name="post_never_below_article_71"
            )
        ]


class Piece(models.Model):
    """A letter, card or parcel. It is on its way until it is `done`: handed over, sent, shared out, sent on for good."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mail")
    kind = models.CharField(max_length=8)
    way = models.CharField(max_length=3)
    camp = models.ForeignKey(Camp, on_delete=models.PROTECT, related_name="+")  # where it lies
    day = models.DateField()
    entered = models.DateField()
    slip = models.BinaryField(unique=True)  # of the sheet and line that it was entered from: never twice from one
    censored = models.DateField(null=True)  # one day: a second censoring has nowhere to stand (art. 76)
    opened = models.DateField(null=True)
    before = models.CharField(max_length=14, default="")
    redirected = models.DateField(null=True)
    done = models.DateField(null=True)
    outcome = models.CharField(max_length=8, default="")
    came_by = models.OneToOneField(Event, null=True, on_delete=models.PROTECT, related_name="+")
    done_by = models.OneToOneField(Event, null=True, on_delete=models.PROTECT, related_name="+")
    stands = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["day", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["person", "way", "day"], name="post_of_a_month"),
            models.Index(fields=["day"], condition=Q(done=None, stands=True), name="post_on_its_way"),
        ]
        constraints: ClassVar = [
            CheckConstraint(
                condition=Q(opened=None, before="") | (Q(opened__isnull=False) & ~Q(before="")),
                name="post_opened_before_somebody",
            )
        ]


class StruckEntry(models.Model):
    """What was entered of a piece by mistake, as it stood: that it came, was censored, or ended. It counts no more."""

    piece = models.ForeignKey(Piece, on_delete=models.PROTECT, related_name="struck")
    what = models.CharField(max_length=8)
    why = models.CharField(max_length=12)
    entered = models.DateField()
    day = models.DateField()
    outcome = models.CharField(max_length=8, default="")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            # Else it could be struck and done again without an end (art. 76).
            models.UniqueConstraint(fields=["piece"], condition=Q(what="censored"), name="post_censoring_struck_once")
        ]
