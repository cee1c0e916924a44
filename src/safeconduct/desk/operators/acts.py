# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything that changes operators, teams and their keys. One transaction and one entry each."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.operators import index_key, last_holder, names, rotation, vaults
from safeconduct.desk.operators.errors import LastHolder, NameTaken, NotAdmitted, NotAllowed, UnknownTeam
from safeconduct.desk.operators.keyring import HeldKey, Keyring
from safeconduct.desk.operators.models import DutyCard, Membership, Operator, Shift, Team, TeamKey
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing import vault
from safeconduct.sealing.keys import PrivateKey, PublicKey
from safeconduct.vocabulary.secrets import Passphrase

MONITOR = "monitor"


@dataclass(frozen=True, slots=True, repr=False)
class Welcome:
    """What is shown once and then known only to the new operator."""

    operator: Operator
    passphrase: Passphrase
    code: TOTPDevice


@transaction.atomic
def add_operator(name: str, role: Role, *, actor: Operator | None = None) -> Welcome:
    """A new operator with keys of their own, who waits to be let in to their role's team.

    Raises `NameRefused`, `NameTaken`.
    """
    login = names.chosen(name)
    if Operator.objects.filter(name=login).exists():
        raise NameTaken(login)
    keys, passphrase, closed = vaults.make()
    operator = Operator.objects.create(
        name=login,
        role=role.value,
        public=keys.private.public.raw,
        vault=closed,
        added=datetime.now(UTC).date(),
    )
    _await_admission(operator)
    audit.record(actor, "operators.added", login)
    return Welcome(operator, passphrase, _new_code(operator))


@transaction.atomic
def renew(operator: Operator, *, actor: Operator | None = None, is_known: bool = False) -> Welcome:
    """A new passphrase, key pair and code for someone who lost theirs. Their sessions and security keys die.

    What was wrapped to the old key is gone: a colleague of each team lets them in again. Raises `NotAllowed` for oneself,
    and `LastHolder` as `deactivate` does.
    """
    _not_oneself(operator, actor)
    _not_the_last(operator, is_known=is_known)
    keys, passphrase, closed = vaults.make()
    operator.public, operator.vault, operator.era = keys.private.public.raw, closed, operator.era + 1
    operator.save(update_fields=["public", "vault", "era"])
    operator.memberships.update(wrapped=None, vouched=None)
    operator.security_keys.all().delete()
    Shift.objects.filter(operator=operator).delete()
    DutyCard.objects.filter(operator=operator).update(phone=None)  # it was sealed to the old key
    audit.record(actor, "operators.renewed", operator.name)
    return Welcome(operator, passphrase, _new_code(operator))


@transaction.atomic
def deactivate(operator: Operator, *, actor: Operator, is_known: bool = False) -> None:
    """Sessions die at once; the wraps of team keys to this person, and what they brought to a call, are destroyed.

    Someone who kept a copy of a team's key, and gets a copy of the database, can still read: each team whose key they
    held owes a new one, which only a member can make. Raises `NotAllowed` for oneself, and `LastHolder` for who alone holds
    a key: without recovery shares always, with them unless the actor knows (`is_known`) that only the shares open it then.
    """
    _not_oneself(operator, actor)
    _not_the_last(operator, is_known=is_known)
    operator.active, operator.era = False, operator.era + 1
    operator.save(update_fields=["active", "era"])
    rotation.owe(Team.objects.filter(keys__memberships__in=operator.memberships.exclude(wrapped=None)).distinct())
    operator.memberships.all().delete()
    operator.security_keys.all().delete()
    Shift.objects.filter(operator=operator).delete()
    DutyCard.objects.filter(operator=operator).delete()
    audit.record(actor, "operators.deactivated", operator.name)


@transaction.atomic
def found_team(code: str, public: PublicKey, *, demonstration: bool, actor: Operator | None = None) -> TeamKey:
    """Give a team its next key. The monitor's is also the one that the record is sealed to from then on."""
    key = next_key(code, public, demonstration=demonstration)
    audit.record(actor, "operators.team_founded", f"{code} {key.version}")
    return key


def next_key(code: str, public: PublicKey, *, demonstration: bool) -> TeamKey:
    """The row, and a place in it for everyone of the team. Called inside an act."""
    team, _ = Team.objects.get_or_create(code=code)
    version = team.keys.count() + 1
    # Custody has no public board that could name a key: it is known as soon as it is made.
    shown = None if settings.DESK.house == "desk" else datetime.now(UTC).date()
    key = TeamKey.objects.create(
        team=team, version=version, public=public.raw, demonstration=demonstration, published=shown
    )
    if code == MONITOR:
        audit.seal_to_monitor(version, public)
    for operator in Operator.objects.filter(active=True):
        _await_admission(operator)
    return key


@transaction.atomic
def let_in(key: TeamKey, private: PrivateKey, operator: Operator, *, actor: Operator | None = None) -> None:
    """Wrap a team's private key to an operator. For the key ceremony, and for `admit`.

    With the first person of a team that is searched comes its index key: before them nobody could have opened one.
    """
    wrap_to(HeldKey(key, private), operator)
    index_key.make_once(HeldKey(key, private))
    audit.record(actor, "operators.admitted", f"{operator.name} {key.team.code} {key.version}")


def wrap_to(held: HeldKey, operator: Operator) -> None:
    """The key, and the word that this is their public key, into the operator's place. Called inside an act."""
    wrapped = vault.wrap_team_key(held.private, operator.key, team_code=held.team, version=held.version)
    vouched = vault.vouch_for(held.private, operator.key, team_code=held.team, version=held.version)
    told = {"wrapped": wrapped, "vouched": vouched}
    Membership.objects.update_or_create(key=held.row, operator=operator, defaults=told)


def admit(keyring: Keyring, place: Membership, *, fingerprint: str) -> None:
    """A member lets a waiting colleague in, after hearing them read their fingerprint: to every version that waits.

    Raises `NotAllowed` when the fingerprint is no longer the colleague's, `NotAdmitted` when the actor lacks the key.
    """
    if fingerprint != place.operator.fingerprint:
        raise NotAllowed("the key has changed since the fingerprint was shown")
    held = keyring.held_keys(place.key.team.code)
    if all(one.row != place.key for one in held):
        raise NotAdmitted("the operator does not hold this version of the team's key")
    waiting = Membership.objects.filter(operator=place.operator, wrapped__isnull=True).values_list("key_id", flat=True)
    wanted = frozenset(waiting)
    with transaction.atomic():
        for one in held:
            if one.row.pk in wanted:
                let_in(one.row, one.private, place.operator, actor=keyring.operator)


def _not_oneself(operator: Operator, actor: Operator | None) -> None:
    if actor is not None and operator.pk == actor.pk:
        raise NotAllowed("another administrator must do this")


def _not_the_last(operator: Operator, *, is_known: bool) -> None:
    last_holder.lock_places(operator)
    barred = [one.team for one in last_holder.only_held_by(operator) if not (one.shares and is_known)]
    if barred:
        raise LastHolder(barred)


def _await_admission(operator: Operator) -> None:
    code = operator.plays.team
    for key in TeamKey.objects.filter(team__code=code, retired=False) if code else ():
        Membership.objects.get_or_create(key=key, operator=operator)


def _new_code(operator: Operator) -> TOTPDevice:
    TOTPDevice.objects.filter(user=operator).delete()
    device = TOTPDevice.objects.create(user=operator, name="code")
    TOTPDevice.objects.filter(pk=device.pk).update(
        created_at=None
    )  # `Operator.added` has the day; no row needs the minute
    return device


def shown_key(code: str) -> TeamKey:
    """The newest key that the public board was seen to name; before it named any, the newest. Raises `UnknownTeam`.

    The public door seals to nothing that is not on the board, however new.
    """
    shown = TeamKey.objects.filter(team__code=code, published__isnull=False).order_by("-version").first()
    return shown or team_key(code)


def team_key(code: str) -> TeamKey:
    """The newest key of a team. Raises `UnknownTeam`."""
    key = TeamKey.objects.filter(team__code=code).order_by("-version").first()
    if key is None:
        raise UnknownTeam(f"the team {code} has no key")
    return key
