# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row says nothing of itself: what prints it might be a log
"""What a name is looked up by. A token is shared by about ten names, and only who holds the team's index key can make one."""

from typing import ClassVar

from django.db import models

from safeconduct.desk.custody.models import Person


class Indexed(models.Model):
    """How long a person's tokens of one team are, and by which way of making them (`tokens.VERSION`); 0 while they wait.

    Those that wait are made by somebody of that team with an open desk.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    team = models.CharField(max_length=12)
    bits = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveSmallIntegerField(default=1, db_default=1)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "team"], name="names_once_a_team")]
        indexes: ClassVar = [
            models.Index(fields=["team", "bits"], name="names_waiting"),
            models.Index(fields=["team", "version"], name="names_older"),
        ]


class Token(models.Model):
    """One truncated token: its kind, its length and its bits in one number (`tokens.packed`)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    team = models.CharField(max_length=12)
    value = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["team", "value", "person"], name="names_tokens"),
            models.Index(fields=["person", "team"], name="names_of_person"),
        ]
