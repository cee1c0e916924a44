# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row says nothing of itself: what prints it might be a log
"""In clear stand camps, numbers, and kinds and days of events, so that duties are plain SQL at night. All else is sealed.

No table here points at the line's database, and none has a place for how somebody came (R20, R21).
"""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models

from safeconduct.vocabulary.custody import Need, Precision

TOKEN_BYTES = 16


def new_token() -> bytes:
    return secrets.token_bytes(TOKEN_BYTES)


class Camp(models.Model):
    """Where people are held. A camp that is closed stays: its events are part of what happened."""

    name = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=10)
    is_open = models.BooleanField(default=True)
    address = models.CharField(max_length=200, default="", db_default="")  # where mail reaches who is held there
    languages = models.CharField(max_length=300, default="", db_default="")  # that the camp speaks: tags, with spaces
    needs = models.CharField(max_length=120, default="", db_default="")  # that it serves: values of `Need`, with spaces

    class Meta:
        ordering: ClassVar = ["name"]

    @property
    def spoken(self) -> frozenset[str]:
        return frozenset(self.languages.split())

    @property
    def serves(self) -> frozenset[Need]:
        return frozenset(Need(value) for value in self.needs.split())


class Quarters(models.Model):
    """How many of one category a camp has places for. People beyond that are taken all the same, and it alarms."""

    camp = models.ForeignKey(Camp, on_delete=models.PROTECT, related_name="quarters")
    category = models.CharField(max_length=12)
    places = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["camp", "category"], name="one_row_a_category")]


class Command(models.Model):
    """A camp that a commander's account is bound to. Of every other camp they see nothing."""

    operator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="commands")
    camp = models.ForeignKey(Camp, on_delete=models.PROTECT, related_name="commanders")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["operator", "camp"], name="one_command_a_camp")]


class Person(models.Model):
    """A prisoner of war. `number` is the one on every paper; `token` is random and all that another house could ever hold.

    `quarters` are those they have, or (no longer held) had last: their category follows them from camp to camp.
    """

    number = models.CharField(max_length=20, unique=True)
    token = models.BinaryField(unique=True, default=new_token)
    camp = models.ForeignKey(Camp, null=True, on_delete=models.PROTECT, related_name="people")
    quarters = models.ForeignKey(Quarters, null=True, on_delete=models.PROTECT, related_name="people")

    class Meta:
        ordering: ClassVar = ["number"]

    @property
    def token_written(self) -> str:
        """As somebody copies it by hand."""
        return bytes(self.token).hex(" ", 2)


class Former(models.Model):
    """A number that somebody had before it was corrected. It goes on finding them, and is given to nobody else."""

    number = models.CharField(max_length=20, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="former")
    until = models.DateField()

    class Meta:
        ordering: ClassVar = ["number"]


class Event(models.Model):
    """Something that happened to a person, or in a camp. Never changed: a correction is an event of its own."""

    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="events")
    camp = models.ForeignKey(Camp, null=True, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=40)
    of = models.CharField(max_length=16, default="")
    happened = models.DateField()
    precision = models.CharField(max_length=5, default=Precision.DAY.value)
    entered = models.DateField()
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
    stands = models.BooleanField(
        default=True
    )  # False once another corrects it, or when all it says is "this was an error"

    class Meta:
        ordering: ClassVar = ["happened", "pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["kind", "person", "happened"], condition=models.Q(stands=True), name="custody_kind_person"
            ),
            models.Index(fields=["person", "happened"], name="custody_person_events"),
            models.Index(fields=["camp", "kind", "happened"], name="custody_camp_events"),
            models.Index(fields=["of", "kind"], condition=models.Q(stands=False), name="custody_struck_of"),
        ]


class Used(models.Model):
    """The ticket of a page from which something was entered: the same page sent again enters nothing."""

    ticket = models.BinaryField(unique=True)
    day = models.DateField(null=True)  # None: used before days were kept, or by the release before


class Owed(models.Model):
    """What is owed now, worked out from the events (`owing.py`), and by which day. Nothing is entered here by hand."""

    duty = models.CharField(max_length=20)
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="owed")
    camp = models.ForeignKey(Camp, null=True, on_delete=models.CASCADE, related_name="owed")
    of = models.CharField(max_length=16, default="")
    since = models.DateField()
    due = models.DateField()

    class Meta:
        ordering: ClassVar = ["due", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["camp", "duty", "due"], name="custody_owed_camp"),
            models.Index(fields=["duty", "due"], name="custody_owed_duty"),
        ]


class Kept(models.Model):
    """How a day ended: of one duty in one camp, how much was owed and how much of it late. The picture over time."""

    day = models.DateField()
    camp = models.ForeignKey(Camp, null=True, on_delete=models.CASCADE, related_name="+")
    duty = models.CharField(max_length=20)
    owed = models.PositiveIntegerField()
    late = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["day", "camp", "duty"], name="one_row_a_day")]


class Sealed(models.Model):
    """A page about a person, sealed to one team of custody. The newest of a kind counts; earlier ones stay."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="pages")
    kind = models.CharField(max_length=12)
    team = models.CharField(max_length=12)
    key_version = models.PositiveIntegerField()
    body = models.BinaryField()
    signature = models.BinaryField(default=b"")
    entered = models.DateField()

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["person", "kind", "team"], name="custody_pages")]


class Altered(models.Model):
    """A sealed row that is not what was written. `found` names what stands there, by this house alone: altered again, it is another.

    `mark` is custody's signature once the monitor has set it aside: then it counts no more, and the rest is read without it.
    """

    table = models.CharField(max_length=30)
    row = models.BigIntegerField()
    found = models.BinaryField()
    noticed = models.DateField()
    mark = models.BinaryField(default=b"")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["table", "row", "found"], name="noticed_once")]
