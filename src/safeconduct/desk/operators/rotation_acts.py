# SPDX-License-Identifier: AGPL-3.0-or-later
"""Giving a team a new key, and bringing everything that is sealed to it along. Only a member can, with an open desk.

The work is done in small pieces, each one transaction: whoever looks at the page drives it, a lock or a kill stops it
between two of them, and the next member's page goes on from there.
"""

import time
from collections.abc import Callable, Mapping
from datetime import date

from django.db import transaction

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.operators import acts, index_key, rewrapping, rotation
from safeconduct.desk.operators.errors import NotAllowed, NothingToRotate
from safeconduct.desk.operators.keyring import HeldKey, Keyring
from safeconduct.desk.operators.models import IndexKey, KeyRotation, Membership, RotationPart, Team, TeamKey
from safeconduct.desk.operators.rewrapping import Pass
from safeconduct.desk.operators.rotation import State
from safeconduct.sealing import vault
from safeconduct.sealing.keys import PrivateKey

ROWS = 50  # in one transaction: on SQLite nobody else writes meanwhile
SECONDS = 0.3  # of one request

Clock = Callable[[], float]
Today = Callable[[], date]


@transaction.atomic
def begin(keyring: Keyring, team: str) -> KeyRotation:
    """Make the team's next key, wrapped to every member whom somebody has vouched for; the others wait to be let in.

    A rotation on its way is taken over by this one. Raises `NotAllowed` unless the actor holds every version in use.
    """
    row = Team.objects.select_for_update().get(code=team)
    held = _held(keyring, team)
    KeyRotation.objects.filter(team=row, state=State.DUE.value).delete()
    for earlier in KeyRotation.objects.filter(team=row, state__in=[state.value for state in rotation.UNDER_WAY]):
        _move(earlier, State.SUPERSEDED)
    private = PrivateKey.generate()
    key = acts.next_key(team, private.public, demonstration=held[0].row.demonstration)
    _wrap_to_colleagues(keyring, held[0], HeldKey(key, private))
    if IndexKey.objects.filter(key__team=row).exists():
        index_key.keep_under(HeldKey(key, private), index_key.index_key(keyring, team))
    begun = KeyRotation.objects.create(team=row, state=State.ADDING.value, since=rotation.today(), key=key)
    rotation.begin_pass(begun, team)
    audit.record(keyring.operator, "operators.rotation_begun", f"{team} {key.version}")
    if team == rotation.MONITOR:
        _move(begun, State.DONE)
    return begun


def work(
    keyring: Keyring,
    team: str,
    *,
    seconds: float,
    clock: Clock = time.monotonic,
    today: Today = rotation.today,
) -> None:
    """As much as fits into this request; each piece is durable. Raises `NothingToRotate`, `NotAllowed`."""
    ends = clock() + seconds
    held = _held(keyring, team)
    while _piece(keyring, team, held, today()) and clock() < ends:
        pass


@transaction.atomic
def note_published(shown: Mapping[str, tuple[int, bytes]], *, today: Today = rotation.today) -> None:
    """What the board names by now: version and public key of each team. Told by who reads and verifies the board."""
    for team, (version, public) in shown.items():
        for key in TeamKey.objects.filter(team__code=team, version=version, published=None):
            if bytes(key.public) == public:
                key.published = today()
                key.save(update_fields=["published"])
                audit.record(None, "operators.key_published", f"{team} {version}")


@transaction.atomic
def _piece(keyring: Keyring, team: str, held: list[HeldKey], day: date) -> bool:
    """One piece. False when there is nothing more to do now."""
    Team.objects.select_for_update().get(code=team)
    running = rotation.under_way(team)
    if running is None or running.key is None:
        raise NothingToRotate(team)
    if held[0].row != running.key:
        raise NotAllowed("a colleague has begun another rotation")
    part = running.parts.select_for_update().filter(ended=False).first()
    if part is not None:
        _step(part, _way(running, held))
        return True
    return _advance(keyring, running, team, day)


def _step(part: RotationPart, way: Pass) -> None:
    step = rewrapping.known(part.code).step(way, part.after, ROWS)
    part.after, part.ended = step.after, step.is_end
    part.looked, part.closed = part.looked + step.looked, part.closed + step.closed
    part.save()


def _advance(keyring: Keyring, running: KeyRotation, team: str, day: date) -> bool:
    """To the next state, if it is time. Whether there is more to do at once."""
    if running.key is None:
        raise NothingToRotate(team)
    state, key = State(running.state), running.key
    if (state is State.ADDING and not rotation.is_held_enough(key)) or (
        state is State.WAITING and not rotation.is_quiet(key, day)
    ):
        return False
    older = [one for one in rotation.in_use(team) if one != key]
    if state is State.CHECKING:
        _retire(keyring, running, older)
        return False
    following = {State.ADDING: State.CLEARING, State.CLEARING: State.WAITING, State.WAITING: State.CHECKING}[state]
    _move(running, following)
    if following is not State.WAITING:
        rotation.begin_pass(running, team)
    if following is State.CHECKING:
        _shut_out(older, key)
    audit.record(keyring.operator, "operators.rotation_step", f"{team} {key.version} {following.value}")
    return following is State.CLEARING  # what somebody is sealing in this moment is there when the next request looks


def _shut_out(older: list[TeamKey], key: TeamKey) -> None:
    """Who was not let in to the new key seals to the older one, without knowing it: now they have to be let in first."""
    holders = Membership.objects.filter(key=key, wrapped__isnull=False).values("operator")
    Membership.objects.filter(key__in=older).exclude(operator__in=holders).delete()


def _retire(keyring: Keyring, running: KeyRotation, older: list[TeamKey]) -> None:
    IndexKey.objects.filter(key__in=older).delete()
    Membership.objects.filter(key__in=older).delete()
    TeamKey.objects.filter(pk__in=[key.pk for key in older]).update(retired=True)
    _move(running, State.DONE)
    named = " ".join(f"{key.team.code} {key.version}" for key in older)
    audit.record(keyring.operator, "operators.rotation_ended", named)


def _move(running: KeyRotation, state: State) -> None:
    running.state = state.value
    running.save(update_fields=["state"])


def _way(running: KeyRotation, held: list[HeldKey]) -> Pass:
    destroys_old = running.state != State.ADDING.value
    old = tuple(one.private for one in held[1:])
    return Pass(held[0].team, old, held[0].private.public, destroys_old=destroys_old)


def _held(keyring: Keyring, team: str) -> list[HeldKey]:
    """Every version in use, newest first. What only a missing one opens would be lost. Raises `NotAllowed`."""
    wanted = rotation.in_use(team)
    held = {one.row.pk: one for one in keyring.held_keys(team)}
    if not wanted or any(key.pk not in held for key in wanted):
        raise NotAllowed("a colleague who holds every version of the team's key has to do this")
    return [held[key.pk] for key in wanted]


def _wrap_to_colleagues(keyring: Keyring, before: HeldKey, new: HeldKey) -> None:
    """To each whose public key was vouched for under the key before. A key that was laid into the database gets nothing."""
    if keyring.operator.key != keyring.private.public:
        raise NotAllowed("the operator's public key was exchanged in the database")
    acts.wrap_to(new, keyring.operator)
    places = Membership.objects.filter(key=before.row, wrapped__isnull=False, operator__active=True)
    for place in places.exclude(operator=keyring.operator).select_related("operator"):
        if _is_vouched_for(place, before):
            acts.wrap_to(new, place.operator)


def _is_vouched_for(place: Membership, by: HeldKey) -> bool:
    said, key = bytes(place.vouched or b""), place.operator.key
    return vault.is_vouched_for(said, by.private, key, team_code=by.team, version=by.version)
