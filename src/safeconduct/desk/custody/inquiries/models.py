# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row says nothing of itself: what prints it might be a log
"""In clear stand a number and days. Who asks, whom they look for, and what was answered are the Bureau's alone."""

from datetime import timedelta
from typing import ClassVar

from django.db import models

from safeconduct.desk.custody.models import new_token

WITHIN = timedelta(days=7)  # ours: article 123 says "as soon as possible"


class Inquiry(models.Model):
    """One question. It points at no person: whom the Bureau decided that it is about is sealed with the answer.

    `looked`: up to which page of the register's identities it was compared, whatever was answered; 0: up to its answer. `again`:
    since when it is to be looked at again.
    """

    token = models.BinaryField(unique=True, default=new_token)
    entered = models.DateField()
    answered = models.DateField(null=True)
    looked = models.BigIntegerField(default=0, db_default=0)
    again = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["pk"]


class Words(models.Model):
    """A question or an answer, sealed to the Bureau's people."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="words")
    kind = models.CharField(max_length=8)
    key_version = models.PositiveIntegerField()
    body = models.BinaryField()
    signature = models.BinaryField(default=b"")
    entered = models.DateField()

    class Meta:
        ordering: ClassVar = ["pk"]
