# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row says nothing of itself: what prints it might be a log
"""In clear: that there is a list of that day, of how many, and how far it is; and that a return was checked. Nothing of a wish."""

import secrets
from enum import Enum
from typing import ClassVar

from django.db import models

from safeconduct.desk.custody.models import TOKEN_BYTES, Person


def new_token() -> bytes:
    return secrets.token_bytes(TOKEN_BYTES)


class ListState(Enum):
    """Stored strings are stable."""

    BUILT = "built"
    APPROVED = "approved"
    HANDED_OVER = "handed-over"
    DROPPED = "dropped"


LIVING = (ListState.BUILT.value, ListState.APPROVED.value)


class ExchangeList(models.Model):
    """`count` is how many stood on it when it was first built: that it fell would tell who no longer wishes it (R43)."""

    token = models.BinaryField(unique=True, default=new_token)
    day = models.DateField()
    count = models.PositiveIntegerField()
    state = models.CharField(max_length=12, default=ListState.BUILT.value)
    key_version = models.PositiveIntegerField()
    body = models.BinaryField()
    signature = models.BinaryField(default=b"")

    class Meta:
        ordering: ClassVar = ["-pk"]


class Clearance(models.Model):
    """It was checked that this person may be returned or released; what was read for that stands nowhere. It ends by itself."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="+")
    lapses = models.DateTimeField()
