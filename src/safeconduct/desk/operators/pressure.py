# SPDX-License-Identifier: AGPL-3.0-or-later
"""How guessing is slowed: one account, one lane at a time, by a wait that never becomes a lock-out.

A browser that an operator has signed in with before has a lane of its own (`known_browser`). Everyone else shares the
account's strangers' lane. After three wrong guesses there, an attempt needs a ticket that ripens within thirty seconds:
whoever has the right words gets in after that wait, whatever strangers do meanwhile. No network address is looked at.
"""

import hmac
import secrets
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction

from safeconduct.desk.operators.errors import StaleTicket, TooBusy, TooEarly
from safeconduct.desk.operators.models import Pressure, SpentTicket
from safeconduct.sealing import tickets
from safeconduct.sealing.errors import TicketRefused

FREE_GUESSES = 3
LONGEST_WAIT = 30  # seconds
FORGOTTEN_AFTER = 900  # seconds without a wrong guess
TICKET_LIFE = 900  # seconds
_PURPOSE = b"desk/wait"
_TICKET = struct.Struct(">16s32sQ")  # nonce, lane, ripe from (unix seconds)


@dataclass(frozen=True, slots=True)
class Wait:
    """A ticket and the seconds after which it counts."""

    ticket: str
    seconds: int


def lane_of(*parts: str) -> str:
    """The name of a lane: an HMAC, because people type passphrases into the wrong field."""
    return keyed("lane", *parts).hex()


def keyed(purpose: str, *parts: str) -> bytes:
    """32 bytes that only this desk can compute."""
    told = "\x00".join((purpose, *parts)).encode("utf-8", "surrogatepass")
    return hmac.digest(settings.SECRET_KEY.encode(), told, "sha256")


def failures(lane: str, now: int) -> int:
    """Wrong guesses on this lane that are not forgotten yet."""
    kept = Pressure.objects.filter(lane=lane, latest__gt=now - FORGOTTEN_AFTER).first()
    return kept.failures if kept else 0


@transaction.atomic
def note_failure(lane: str, now: int) -> None:
    """Count a wrong guess, and forget the old ones of every lane."""
    Pressure.objects.filter(latest__lte=now - FORGOTTEN_AFTER).delete()
    SpentTicket.objects.filter(expires__lte=now).delete()
    kept, _ = Pressure.objects.select_for_update().get_or_create(lane=lane, defaults={"failures": 0, "latest": now})
    kept.failures, kept.latest = kept.failures + 1, now
    kept.save()


def relieve(lane: str) -> None:
    """The right words were given: the lane is free again."""
    Pressure.objects.filter(lane=lane).delete()


def wait_for(lane: str, now: int) -> Wait | None:
    """The wait that the next attempt on this lane needs, or None. It doubles from one second to thirty."""
    excess = failures(lane, now) - FREE_GUESSES
    return None if excess < 0 else waiting(lane, now, min(2 ** min(excess, 8), LONGEST_WAIT))


def waiting(lane: str, now: int, seconds: int) -> Wait:
    """A new ticket for one attempt on this lane."""
    payload = _TICKET.pack(secrets.token_bytes(16), bytes.fromhex(lane), now + seconds)
    return Wait(tickets.issue(_key(), payload, purpose=_PURPOSE, expires=now + seconds + TICKET_LIFE), seconds)


def spend(ticket: str, lane: str, now: int) -> None:
    """Use a ticket up. Raises `TooEarly` with the seconds left (the ticket stays good), or `StaleTicket`."""
    try:
        nonce, wanted, ripe = _TICKET.unpack(tickets.redeem(_key(), ticket, purpose=_PURPOSE, now=now))
    except (TicketRefused, struct.error) as error:
        raise StaleTicket("not a ticket of this desk") from error
    if wanted.hex() != lane:
        raise StaleTicket("a ticket of another account")
    if now < ripe:
        raise TooEarly(ripe - now)
    try:
        with transaction.atomic():
            SpentTicket.objects.create(nonce=nonce.hex(), expires=ripe + TICKET_LIFE)
    except IntegrityError as error:
        raise StaleTicket("this ticket was used") from error


def _key() -> bytes:
    return keyed("wait tickets")


class Queue:
    """How many may stretch passphrases at once on one lane, and how many may stand in line for it.

    Without it a crowd of strangers could take all memory (64 MiB each) and every thread of the desk.
    """

    def __init__(self, *, at_once: int, in_line: int) -> None:
        self._working = threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(at_once + in_line)

    def is_open(self) -> bool:
        """Whether someone could still stand in line."""
        if not self._places.acquire(blocking=False):
            return False
        self._places.release()
        return True

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn. Raises `TooBusy` at once when the line is full."""
        if not self._places.acquire(blocking=False):
            raise TooBusy("the line is full")
        try:
            with self._working:
                yield
        finally:
            self._places.release()
