# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row says nothing of itself: what prints it might be a log
from enum import Enum
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class ProposalState(Enum):
    """Stored strings are stable."""

    OPEN = "open"
    APPROVED = "approved"
    SPENT = "spent"  # it took effect
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"  # what was proposed has changed since


LIVING = ("open", "approved")


class Proposal(models.Model):
    """What somebody proposed. Of the content there is only a hash: whoever approves shows that they saw the same."""

    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)  # names a thing, as in the record; never its content
    digest = models.BinaryField()
    state = models.CharField(max_length=10, default=ProposalState.OPEN.value)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_day = models.DateField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_day = models.DateField(null=True)
    reason = models.CharField(max_length=20, blank=True)  # a code, of a refusal

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["kind", "subject"], name="proposals_of_a_subject")]
        constraints: ClassVar = [
            # Two people who propose at one moment: the second is refused by the database itself.
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=Q(state__in=LIVING), name="one_living_proposal_per_subject"
            ),
        ]

    @property
    def proposal_state(self) -> ProposalState:
        return ProposalState(self.state)

    @property
    def is_open(self) -> bool:
        return self.state == ProposalState.OPEN.value

    @property
    def is_approved(self) -> bool:
        return self.state == ProposalState.APPROVED.value
