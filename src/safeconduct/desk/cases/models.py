# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row says nothing of itself: what prints it might be a log
"""What the desk keeps. Nothing here can be read without an operator's key and the conversation's erasure key."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from safeconduct.desk.cases.fields import BytesField
from safeconduct.desk.cases.states import QUIET, CaseState, Whose
from safeconduct.sealing.envelope import Purpose
from safeconduct.vocabulary.identifiers import ConversationId

QUIET_STATES = sorted(state.value for state in QUIET)
_WAITING = Q(waiting_since__isnull=False, folded_into=None)
_CLAIMED = Q(claimed_until__isnull=False)
_NOTHING_IN_CLEAR = Q(waiting_since=None, opened_at=None, urgency=None, channel="", language="", kind="")


def today() -> date:
    """The day that is stored in clear instead of a time; UTC's."""
    return timezone.now().date()


class Case(models.Model):
    """One conversation. T3: channel, language, kind, urgency and every precise time exist only while it waits."""

    number = models.CharField(max_length=12, unique=True)  # said aloud: year and a serial, 26-0137
    conversation = BytesField(unique=True)
    state = models.CharField(max_length=10, default=CaseState.NEW.value)
    last_day = models.DateField()  # of the last contact; retention counts from here (R3)

    waiting_since = models.DateTimeField(null=True)
    urgency = models.PositiveSmallIntegerField(null=True)
    channel = models.CharField(max_length=16, blank=True, default="")
    language = models.CharField(max_length=35, blank=True, default="")
    kind = models.CharField(max_length=16, blank=True, default="")

    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField(null=True)

    # Who is answering, and until when nobody else need; set by `claiming` alone.
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    claimed_until = models.DateTimeField(null=True)

    # What acts that open nothing have to know: days and classes, never a word or a name (T3).
    frozen_day = models.DateField(null=True)  # R5: since when nothing of its handover may go on
    review_day = models.DateField(null=True)  # R13: since when a supervisor has to look at it
    retention = models.CharField(max_length=8, blank=True, default="")  # how long it lies there: `Retention`
    folded_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="folds")

    with_cell = models.CharField(max_length=8, blank=True, default="", db_default="")  # whose it is: `Whose`
    cell_from = models.PositiveBigIntegerField(
        null=True
    )  # the last row before the cell took it: what follows is the cell's

    # The row in which a colleague said who should answer, set by `needs` alone. What it says is sealed, and may be "anybody".
    need_row = models.PositiveBigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["urgency", "waiting_since", "id"], name="queue", condition=_WAITING),
            models.Index(
                fields=["language", "urgency", "waiting_since", "id"], name="queue_by_language", condition=_WAITING
            ),
            models.Index(
                fields=["channel", "urgency", "waiting_since", "id"], name="queue_by_channel", condition=_WAITING
            ),
            models.Index(fields=["kind", "urgency", "waiting_since", "id"], name="queue_by_kind", condition=_WAITING),
            models.Index(fields=["state", "-last_day", "-id"], name="cases_by_state"),
            models.Index(fields=["claimed_by", "claimed_until"], name="claims", condition=_CLAIMED),
            models.Index(fields=["retention", "last_day"], name="cases_by_retention"),
            models.Index(
                fields=["urgency", "waiting_since", "id"], name="queue_of_the_cell", condition=~Q(with_cell="")
            ),
            models.Index(
                fields=["urgency", "waiting_since", "id"],
                name="queue_with_needs",
                condition=_WAITING & Q(need_row__isnull=False),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="labels_are_clear_only_while_it_waits",
                condition=(Q(state__in=QUIET_STATES) & _NOTHING_IN_CLEAR)
                | (~Q(state__in=QUIET_STATES) & Q(waiting_since__isnull=False, urgency__isnull=False)),
            ),
            models.CheckConstraint(
                name="claims_stand_only_while_it_waits",
                condition=Q(waiting_since__isnull=False) | Q(claimed_by=None, claimed_until=None),
            ),
        ]

    @property
    def conversation_id(self) -> ConversationId:
        return ConversationId(self.conversation)

    @property
    def case_state(self) -> CaseState:
        return CaseState(self.state)

    @property
    def whose(self) -> Whose:
        return Whose(self.with_cell)


class Instruction(models.Model):
    """To whom the edge seals a conversation from now on: the newest word of the desk, as one act signed it."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="instruction")
    serial = models.PositiveBigIntegerField()
    team = models.CharField(max_length=20)
    version = models.PositiveIntegerField()  # of that team's key
    signed = BytesField()
    is_told = models.BooleanField(default=False)  # it lies in the spool


class StoredEnvelope(models.Model):
    """One envelope of a case, in the order in which the desk took it (which is the pipe's).

    The core is kept as its door signed it. The wraps are kept under the conversation's erasure key.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="envelopes")
    envelope = BytesField(unique=True)
    purpose = models.PositiveSmallIntegerField(choices=[(one.value, one.name) for one in Purpose])
    core = BytesField()
    wraps = BytesField()
    day = models.DateField()
    opened_day = models.DateField(null=True)  # R3: nothing is destroyed before its first reading
    has_clear_label = models.BooleanField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    submission = BytesField(null=True, unique=True)  # of the form that wrote it: the same form twice writes once
    crossed = models.BooleanField(default=False, db_default=False)  # a colleague answered while this reply was written
    delivery = models.CharField(max_length=16, blank=True, default="")
    sort = models.CharField(max_length=8, blank=True, default="")  # known once it was opened: `Sort`
    alarmed_day = models.DateField(null=True)  # R3: when the alarm first rang for it, unread

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["sort", "case", "id"], name="envelopes_by_sort"),
            models.Index(fields=["day", "id"], name="unread", condition=Q(opened_day=None)),
            models.Index(fields=["case", "id"], name="unread_of_case", condition=Q(opened_day=None)),
        ]


class Sort(models.TextChoices):
    """What a row is, as far as it has to be known without opening it: what R3 destroys, and what a page needs first.

    What nobody has opened has none, but for the last of these, nor has a report: nobody is to know from a row that a reply went its way.
    """

    WORDS = "words"  # the person's own words, and their files
    FRAME = "frame"  # facts, where the person reads, what is known of a unit: it has no free words
    REASON = "reason"  # of the frame too, with a colleague's own words, which may name a place (R16)
    INTAKE = "intake"  # of a case of the cell, and sealed to intake alone: unopened, whatever it is


OF_FRAME = (Sort.FRAME, Sort.REASON)


class Retention(models.TextChoices):
    """How long a case lies there, known once its facts were opened. None: nobody has read any."""

    KEPT = "kept"
    DORMANT = "dormant"  # R7: it waits for nothing, and expires


class Delivery(models.TextChoices):
    """Of a reply. After DELIVERED it lies in the person's mailbox; nobody knows whether it was read."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"


class Outgoing(models.Model):
    """A reply on its way to the mailbox; gone when it is there."""

    envelope = models.OneToOneField(StoredEnvelope, on_delete=models.CASCADE, related_name="outgoing")
    key = BytesField(unique=True)  # the spool takes the same key once
    sealed = BytesField()  # the envelope with the person's wrap alone, under the erasure key
    errand = BytesField(
        null=True
    )  # into which chat it goes as well, with that channel's wrap alone; under the same key


class Draft(models.Model):
    """What an operator was typing, sealed to that operator, under the erasure key."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts")
    operator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    box = models.CharField(max_length=8)  # reply or note
    sealed = BytesField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "operator", "box"], name="one_draft_a_box"),
        ]


class SavedFilter(models.Model):
    """A question that an operator asks the queue often; its name is theirs, and sealed to them alone."""

    operator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sealed = BytesField()


class Serial(models.Model):
    """The last case number given out in a year. Numbers of erased cases are never given again."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class Erased(models.Model):
    """A conversation that is no more, as a digest: enough to refuse what arrives late, and to read nothing from."""

    digest = BytesField(primary_key=True)
    day = models.DateField()


class Quarantine(models.Model):
    """What came through the pipe and was not an envelope of a known door. Kept, counted, believed by nobody."""

    digest = BytesField(unique=True)
    sealed = BytesField()
    reason = models.CharField(max_length=32)
    day = models.DateField()


class Escalation(models.Model):
    """A promise that is about to be broken, or is. Its times are precise: it goes when nothing waits any more (T3)."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="escalation")
    kind = models.CharField(max_length=10)
    since = models.DateTimeField()
    level = models.PositiveSmallIntegerField(default=1)  # how often it was told to people
    told_at = models.DateTimeField()
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    class Meta:
        ordering: ClassVar = ["since", "id"]


class PromiseTally(models.Model):
    """How many first answers of a day came in time. Counts alone: no case, no person, no moment."""

    day = models.DateField()
    urgency = models.PositiveSmallIntegerField()
    kept = models.PositiveIntegerField(default=0)
    broken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["day", "urgency"], name="one_tally_a_day")]


class ShiftCalendar(models.Model):
    """What is promised when, as JSON that `promises` reads strictly. The newest row holds; without one the default does."""

    content = models.TextField()
    day = models.DateField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")


class IndexGeneration(models.Model):
    """Under which key the search index stands. The key itself lies in no database and in no backup: `index_keys`."""

    name = BytesField(unique=True)  # random; the key is kept under it
    day = models.DateField()
    gone_day = models.DateField(null=True)  # since when a case that stood under it is no more


class Indexed(models.Model):
    """What a case can be found by, for one team. `sealed` holds its tokens under the erasure key: the rows are made of it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="indexed")
    team = models.CharField(max_length=16)
    claims = models.ForeignKey(StoredEnvelope, on_delete=models.CASCADE, related_name="+")  # the newest
    sealed = BytesField()
    version = models.PositiveSmallIntegerField()  # of the way in which tokens are made
    generation = models.ForeignKey(IndexGeneration, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "team"], name="indexed_once_a_team")]


class IndexToken(models.Model):
    """One token, covered once more: by itself it is a number that nobody can make again."""

    indexed = models.ForeignKey(Indexed, on_delete=models.CASCADE, related_name="tokens")
    value = models.BigIntegerField()
    bits = models.PositiveSmallIntegerField()  # how long the token is, and so how much it says

    class Meta:
        indexes: ClassVar = [models.Index(fields=["value", "indexed", "bits"], name="tokens_by_value")]


class Merge(models.Model):
    """R50: two cases are one person's. Both stay as they are; an undone merge stays as a row with its day."""

    leading = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="merged")
    other = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="merged_under")
    day = models.DateField()
    undone_day = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["other"], condition=Q(undone_day=None), name="under_one_case_at_a_time"),
        ]
