# SPDX-License-Identifier: AGPL-3.0-or-later
from django.db import models


class PeriodicAct(models.Model):
    """When a periodic act was last done, and how it failed since. Holds no personal data."""

    name = models.CharField(max_length=64, primary_key=True)
    known_since = models.DateTimeField()
    last_done = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    last_failure = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return self.name


class Lease(models.Model):
    """Who may do the periodic acts now. Each of them may be done twice without harm, so a late holder needs no fence."""

    name = models.CharField(max_length=64, primary_key=True)
    holder = models.CharField(max_length=64)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class HighWater(models.Model):
    """The latest wall time this desk has seen: a clock that falls behind it must not destroy anything."""

    name = models.CharField(max_length=64, primary_key=True)
    wall = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
