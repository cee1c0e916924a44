# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row says nothing of itself: what prints it might be a log
"""In clear stand the days that the term is reckoned by, and whether it is about ill-treatment. Who and where lie in the sealed page."""

from typing import ClassVar

from django.db import models


class Complaint(models.Model):
    """One paper form. `ticket` is a hash of the page that it was typed on and of what was typed: the same sent twice is one complaint."""

    ticket = models.BinaryField(unique=True)
    entered = models.DateField()
    is_ill_treatment = models.BooleanField()
    taken_up = models.DateField(null=True)
    forwarded = models.DateField(null=True)
    answered = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["pk"]


class Page(models.Model):
    """The form or a step, sealed to one team. What was written stays."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="pages")
    kind = models.CharField(max_length=8)
    team = models.CharField(max_length=12)
    key_version = models.PositiveIntegerField()
    body = models.BinaryField()
    signature = models.BinaryField(default=b"")

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["team"], name="complaints_team")]
