# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row says nothing of itself: what prints it might be a log
from django.conf import settings
from django.db import models


class Approved(models.Model):
    """The wording of one sentence in one language that two people have approved. It holds while its hash fits the sense."""

    phrase = models.CharField(max_length=40)
    tag = models.CharField(max_length=20)
    forms = models.JSONField()
    hash = models.CharField(max_length=64)
    day = models.DateField()

    class Meta:
        ordering = ("tag", "phrase")
        constraints = (models.UniqueConstraint(fields=("phrase", "tag"), name="one_approved_wording"),)


class Draft(models.Model):
    """Wordings of one language that wait for a second person. `content` is what the approval is about, byte by byte."""

    subject = models.CharField(max_length=70, unique=True)  # the language, or language/sentence
    content = models.BinaryField()

    class Meta:
        ordering = ("subject",)


class Favourite(models.Model):
    """A sentence that an operator wants at the top. Only its id: it says nothing of any case."""

    operator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    phrase = models.CharField(max_length=40)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("operator", "phrase"), name="one_favourite"),)
