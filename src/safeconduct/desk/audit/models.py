# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row has no text of its own: what prints itself ends up in logs
from django.db import models


class MonitorKey(models.Model):
    """The monitor team's public key, to which entries are sealed. The newest version counts."""

    version = models.PositiveIntegerField(unique=True)
    public = models.BinaryField()

    class Meta:
        ordering = ("version",)


class Entry(models.Model):
    """One recorded act. In clear: number, day, hash. Without a number it waits for the appender."""

    number = models.PositiveBigIntegerField(unique=True, null=True)
    day = models.DateField()
    sealed = models.BinaryField()
    hash = models.BinaryField(null=True)

    class Meta:
        ordering = ("id",)


class Head(models.Model):
    """The end of the chain: one row, which is also the lock that lets only one appender write."""

    number = models.PositiveBigIntegerField(default=0)
    day = models.DateField(null=True)
    hash = models.BinaryField(default=bytes(32))
    signature = models.BinaryField(default=b"")


class Checkpoint(models.Model):
    """A place in the chain that the desk has signed, and perhaps the monitor's offline key too."""

    number = models.PositiveBigIntegerField(unique=True)
    day = models.DateField()
    hash = models.BinaryField()
    signature = models.BinaryField()
    countersigner = models.BinaryField(null=True)
    countersignature = models.BinaryField(null=True)

    class Meta:
        ordering = ("number",)
