# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: DJ008 - a row has no text of its own: what prints itself ends up in logs
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Q

from safeconduct.desk.operators import fingerprints
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing.keys import PublicKey


class Operator(AbstractBaseUser):
    """A person who signs in. There is no password: the passphrase opens `vault`, and that is the proof."""

    password = None  # type: ignore[assignment]  # the base's two columns are taken away
    last_login = None

    name = models.CharField(max_length=40, unique=True)
    role = models.CharField(max_length=20)
    public = models.BinaryField()
    vault = models.BinaryField()
    active = models.BooleanField(default=True)
    era = models.PositiveIntegerField(default=1)  # sessions of an earlier era are dead
    added = models.DateField()

    USERNAME_FIELD = "name"

    class Meta:
        ordering = ("name",)

    @property
    def plays(self) -> Role:
        return Role(self.role)

    @property
    def key(self) -> PublicKey:
        return PublicKey.parse(bytes(self.public))

    @property
    def fingerprint(self) -> str:
        return fingerprints.spoken(bytes(self.public))


class Team(models.Model):
    """People who share a key. `code` is stored and stable."""

    code = models.CharField(max_length=20, unique=True)

    class Meta:
        ordering = ("code",)


class TeamKey(models.Model):
    """One version of a team's key pair. The private half exists only wrapped to its members."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="keys")
    version = models.PositiveIntegerField()
    public = models.BinaryField()
    demonstration = models.BooleanField()
    published = models.DateField(null=True)  # the day on which the board was first seen to name it
    retired = models.BooleanField(
        default=False, db_default=False
    )  # everything is wrapped to a newer one, and nobody holds it any more
    shares = models.CharField(
        max_length=8, blank=True, default="", db_default=""
    )  # "3/5" once recovery shares were made

    class Meta:
        ordering = ("team", "version")
        constraints = (models.UniqueConstraint(fields=("team", "version"), name="one_key_per_version"),)

    @property
    def key(self) -> PublicKey:
        return PublicKey.parse(bytes(self.public))


class Membership(models.Model):
    """An operator's place in a team and, once a colleague has let them in, the team's key wrapped to theirs."""

    key = models.ForeignKey(TeamKey, on_delete=models.PROTECT, related_name="memberships")
    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="memberships")
    wrapped = models.BinaryField(null=True)
    vouched = models.BinaryField(null=True)  # by who let them in: a new key goes to this public key and to no other

    class Meta:
        ordering = ("key", "operator")
        constraints = (models.UniqueConstraint(fields=("key", "operator"), name="one_place_per_key"),)


class KeyRotation(models.Model):
    """A team's change to a new key: owed since `since`, then on its way through the states of `rotation.State`."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="rotations")
    state = models.CharField(max_length=12)
    since = models.DateField()
    key = models.ForeignKey(
        TeamKey, null=True, on_delete=models.PROTECT, related_name="+"
    )  # the new one, once it is made

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("team",), condition=Q(state="due"), name="one_rotation_due_per_team"),
            models.UniqueConstraint(
                fields=("team",),
                condition=Q(state__in=("adding", "clearing", "waiting", "checking")),
                name="one_rotation_on_its_way_per_team",
            ),
        )


class RotationPart(models.Model):
    """How far a rotation has come with one kind of row. Killed half-way it goes on from here."""

    rotation = models.ForeignKey(KeyRotation, on_delete=models.CASCADE, related_name="parts")
    code = models.CharField(max_length=40)
    after = models.BigIntegerField(default=0)
    looked = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    closed = models.PositiveBigIntegerField(default=0)  # what did not open, and stays as it is
    ended = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("rotation", "code"), name="one_part_per_kind"),)


class SecurityKey(models.Model):
    """A security key (WebAuthn) that stands for the code. The key itself stores nothing about who works here, or where."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="security_keys")
    credential = models.BinaryField(unique=True)
    public = models.BinaryField()
    count = models.PositiveBigIntegerField()  # of its signatures: one that goes back is a copy's
    label = models.CharField(max_length=40)
    added = models.DateField()

    class Meta:
        ordering = ("pk",)


class Lockdown(models.Model):
    """The desk is locked for everybody: there is one row, or none."""

    ONLY = 1

    by = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    nonce = models.BinaryField()  # of this lock: what was agreed for one lifts no later one


class Drill(models.Model):
    """When something for the worst day was last tried."""

    what = models.CharField(max_length=20, primary_key=True)
    day = models.DateField()


class IndexKey(models.Model):
    """The key of a team's search index, closed under one version of the team's key."""

    key = models.OneToOneField(TeamKey, on_delete=models.CASCADE, primary_key=True, related_name="index_key")
    wrapped = models.BinaryField()


class DutyCard(models.Model):
    """What an operator brings to a call. The phone is sealed to their own key: it says who works here, and where."""

    operator = models.OneToOneField(Operator, on_delete=models.CASCADE, primary_key=True, related_name="duty_card")
    languages = models.CharField(max_length=300)  # tags, with spaces between
    skills = models.CharField(max_length=200, blank=True)
    hours = models.PositiveSmallIntegerField()
    capacity = models.PositiveSmallIntegerField(default=5, db_default=5)  # of cases at a time
    phone = models.BinaryField(null=True)


class Shift(models.Model):
    """An operator who is on duty. It goes with the session in which it was begun, and at `until` at the latest."""

    operator = models.OneToOneField(Operator, on_delete=models.CASCADE, primary_key=True, related_name="shift")
    session = models.CharField(max_length=40)
    until = models.PositiveBigIntegerField()  # unix seconds
    phone = models.BinaryField()  # sealed to the channel that rings it; no bytes: none rings
    signature = models.BinaryField()  # the desk's, over operator, end and phone


class Pressure(models.Model):
    """Wrong guesses on one lane of one account, kept for minutes. `lane` is an HMAC: no name that was typed."""

    lane = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField()
    latest = models.PositiveBigIntegerField()  # unix seconds


class SpentTicket(models.Model):
    """A wait ticket that has been used, until it would have expired anyway."""

    nonce = models.CharField(max_length=32, primary_key=True)
    expires = models.PositiveBigIntegerField()  # unix seconds
