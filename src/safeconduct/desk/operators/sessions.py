# SPDX-License-Identifier: AGPL-3.0-or-later
"""One operator's session: who, since when, last real act, and the key's seed sealed under the second cookie's key.

The database holds the sealed seed, the browser the key that opens it. Neither is of use without the other.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Q
from django_otp.plugins.otp_totp.models import TOTPDevice

from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.sealing.erasure import ErasureKey, protect, recover
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.keys import PrivateKey
from safeconduct.vocabulary.secrets import KeySeed

UNLOCK_BYTES = 32
LONGEST_SECONDS = 12 * 60 * 60
SET_BACK_SECONDS = 30  # an ordinary synchronisation of clocks throws nobody out
_TOUCH_SECONDS = 20  # how exactly the last act is known; saves a write per request

HALF_SECONDS = 2 * 60  # for finding a security key and touching it

CODE_SECONDS = 30
_STEPS_KEPT = 20  # far from the one step of tolerance and any drift that the device has learnt, either way

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True, repr=False)
class Half:
    """Whose passphrase fitted, what their security key has to sign, and the lane that is relieved when it has."""

    operator: Operator
    challenge: bytes
    lane: str


def begin(session: SessionBase, operator: Operator, private: PrivateKey, *, clock: Clock = time.time) -> bytes:
    """Start a session under a fresh session key. Returns the unlock key, which only the browser keeps."""
    session.flush()
    now = int(clock())
    session["operator"], session["era"], session["since"] = operator.pk, operator.era, now
    return unlock(session, operator, private, clock=clock)


def unlock(session: SessionBase, operator: Operator, private: PrivateKey, *, clock: Clock = time.time) -> bytes:
    """Seal the seed anew under a new unlock key."""
    unlock_key = secrets.token_bytes(UNLOCK_BYTES)
    session["seed"] = protect(ErasureKey(unlock_key), private.seed, context=_context(operator)).hex()
    session["touched"] = int(clock())
    return unlock_key


def lock(session: SessionBase) -> None:
    """Forget the sealed seed. The session goes on, so that the operator returns to where they were."""
    session.pop("seed", None)


def begin_half(session: SessionBase, half: Half, private: PrivateKey, *, clock: Clock = time.time) -> bytes:
    """The passphrase fits and a security key is still to answer. Opens nothing. Returns the unlock key."""
    if "operator" not in session:
        session.flush()
        session["since"] = int(clock())
    unlock_key = secrets.token_bytes(UNLOCK_BYTES)
    sealed = protect(ErasureKey(unlock_key), private.seed, context=_half_context(half.operator))
    session["half"] = {
        "operator": half.operator.pk,
        "era": half.operator.era,
        "challenge": half.challenge.hex(),
        "lane": half.lane,
        "at": int(clock()),
        "seed": sealed.hex(),
    }
    return unlock_key


def half_of(session: SessionBase, *, clock: Clock = time.time) -> Half | None:
    """What `begin_half` was given, for as long as a person needs to touch their key."""
    kept = session.get("half")
    if kept is None or not _is_fresh(kept, clock):
        return None
    operator = Operator.objects.filter(pk=kept["operator"], era=kept["era"], active=True).first()
    return Half(operator, bytes.fromhex(kept["challenge"]), kept["lane"]) if operator else None


def take_half(session: SessionBase, half: Half, unlock_key: bytes) -> PrivateKey | None:
    """The operator's key; once. None without the cookie that opens it."""
    sealed = bytes.fromhex(session.pop("half")["seed"])
    if len(unlock_key) != UNLOCK_BYTES:
        return None
    try:
        return PrivateKey.from_seed(recover(ErasureKey(unlock_key), sealed, context=_half_context(half.operator)))
    except SealingError:
        return None


def operator_of(session: SessionBase, *, clock: Clock = time.time) -> Operator | None:
    """The session's operator, unless the session is too old, of an earlier era or its operator is no longer active."""
    since = session.get("since", 0)
    if clock() - since > LONGEST_SECONDS:
        return None
    operator = Operator.objects.filter(pk=session.get("operator", 0), active=True).first()
    return operator if operator and operator.era == session.get("era") else None


def keyring_of(session: SessionBase, operator: Operator, unlock_key: bytes, *, clock: Clock = time.time) -> Keyring:
    """The operator's keyring; locked when idle for too long, or when the second cookie is missing or another's."""
    if "seed" in session and _is_idle(session, clock):
        lock(session)
    return Keyring(operator, _private(session, operator, unlock_key))


def touch(session: SessionBase, *, clock: Clock = time.time) -> None:
    """A real act of a person: the idle time starts anew."""
    now = int(clock())
    if now - session.get("touched", 0) >= _TOUCH_SECONDS:
        session["touched"] = now


def seconds_left(session: SessionBase, *, clock: Clock = time.time) -> int:
    """Until the idle lock."""
    return 0 if _is_idle(session, clock) else int(session.get("touched", 0) + settings.DESK.idle_seconds - clock())


def is_unlocked(key: str, operator: Operator, *, clock: Clock = time.time) -> bool:
    """Whether that session is this operator's still, and neither locked nor left for so long that it would be."""
    return key in unlocked({key: operator}, clock=clock)


def unlocked(whose: Mapping[str, Operator], *, clock: Clock = time.time) -> frozenset[str]:
    """The sessions of these people for which that holds, with one question for all of them."""
    rows = Session.objects.filter(session_key__in=list(whose))
    return frozenset(row.session_key for row in rows if _is_open(row.get_decoded(), whose[row.session_key], clock))


def present(*, clock: Clock = time.time) -> frozenset[int]:
    """Everybody who is signed in somewhere with an open desk, by pk."""
    kept = [row.get_decoded() for row in Session.objects.all()]
    people = Operator.objects.filter(active=True).in_bulk([one["operator"] for one in kept if "operator" in one])
    theirs = ((one, people.get(one.get("operator", 0))) for one in kept)
    return frozenset(operator.pk for one, operator in theirs if operator and _is_open(one, operator, clock))


def _is_open(kept: dict[str, Any], operator: Operator, clock: Clock) -> bool:
    is_theirs = (kept.get("operator"), kept.get("era")) == (operator.pk, operator.era) and operator.active
    is_young = clock() - kept.get("since", 0) <= LONGEST_SECONDS
    return is_theirs and is_young and "seed" in kept and not _is_idle(kept, clock)


def lock_all() -> int:
    """Take the sealed seed out of every session, whoever's it is. How many were open."""
    taken = 0
    for row in Session.objects.all():
        kept = row.get_decoded()
        if "seed" in kept or "half" in kept:
            taken += "seed" in kept
            kept.pop("seed", None)
            kept.pop("half", None)
            row.session_data = SessionStore().encode(kept)
            row.save(update_fields=["session_data"])
    return taken


def count_open() -> int:
    """How many sessions hold a seed. Whether it could still be opened is not asked."""
    return len(open_now())


def open_now() -> set[str]:
    """The names of those."""
    return {row.session_key for row in Session.objects.all() if "seed" in row.get_decoded()}


def sweep(*, clock: Clock = time.time) -> int:
    """Take the sealed seed out of every session whose operator did not come back, and drop sessions that have ended.

    Also forgets when codes were used, once they could not be used again anyway: the record has the time, sealed.
    Returns how many seeds were taken. Called by the clock: without a request nothing else would lock them.
    """
    _forget_times(int(clock()))
    taken = 0
    for row in Session.objects.all():
        kept = row.get_decoded()
        if clock() - kept.get("since", 0) > LONGEST_SECONDS:
            row.delete()
        elif ("seed" in kept and _is_idle(kept, clock)) or ("half" in kept and not _is_fresh(kept["half"], clock)):
            kept.pop("half", None)
            kept.pop("seed", None)
            row.session_data = SessionStore().encode(kept)
            row.save(update_fields=["session_data"])
            taken += 1
    return taken


def _is_fresh(half: dict[str, Any], clock: Clock) -> bool:
    return bool(0 <= clock() - half["at"] <= HALF_SECONDS)


def _forget_times(now: int) -> None:
    """A code's step is a time to half a minute. Behind the device's tolerance it protects nothing any more.

    One that lies ahead is of a clock that was set back since: it would keep its operator out until that time comes again.
    """
    step = now // CODE_SECONDS
    behind, ahead = Q(last_t__range=(0, step - _STEPS_KEPT)), Q(last_t__gt=step + _STEPS_KEPT)
    TOTPDevice.objects.filter(behind | ahead).update(last_t=-1, last_used_at=None)


def _is_idle(session: SessionBase | dict[str, Any], clock: Clock) -> bool:
    """An act that lies ahead was before the clock was set back: nobody knows for how long the desk has been left."""
    away = clock() - session.get("touched", 0)
    return not -SET_BACK_SECONDS <= away <= settings.DESK.idle_seconds


def _private(session: SessionBase, operator: Operator, unlock_key: bytes) -> PrivateKey | None:
    if "seed" not in session or len(unlock_key) != UNLOCK_BYTES:
        return None
    sealed = bytes.fromhex(session["seed"])
    try:
        seed = recover(ErasureKey(unlock_key), sealed, context=_context(operator))
    except SealingError:
        return None
    return PrivateKey.from_seed(KeySeed(seed))


def _context(operator: Operator) -> bytes:
    return b"desk session/" + str(operator.pk).encode()


def _half_context(operator: Operator) -> bytes:
    return b"half a desk session/" + str(operator.pk).encode()
