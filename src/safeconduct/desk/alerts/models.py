# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - an alert has no text of its own: what prints itself ends up in logs
from django.conf import settings
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


class Alert(models.Model):
    """One kind of thing that somebody has to look at, while it is open. Holds no case and nobody who wrote."""

    kind = models.CharField(max_length=60, unique=True)
    since = models.DateTimeField()
    latest = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)
    is_over = models.BooleanField(default=False)
    step = models.PositiveSmallIntegerField(default=0)  # how far down the roster people are asked
    step_since = models.DateTimeField()
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("since",)


class Carried(models.Model):
    """How one transport fares. `name` is the settings' word for it, never an address."""

    name = models.CharField(max_length=40, primary_key=True)
    slot = models.BigIntegerField(default=0)  # the last one whose message got through
    told = models.DateTimeField(null=True)  # the last message outside of the slots
    last_done = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)  # since it last got through
    tried = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name",)
