# SPDX-License-Identifier: AGPL-3.0-or-later
"""Proving who one is: name, passphrase, code. Whatever is wrong, the answer and the work are the same."""

import logging
from dataclasses import dataclass

from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.operators import names, pressure, vaults
from safeconduct.desk.operators.errors import StaleTicket, TooBusy, TooEarly
from safeconduct.desk.operators.known_browser import GUESSES
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.pressure import Queue, Wait
from safeconduct.sealing.vault import OperatorKeys

# Each stretching takes 64 MiB. Known browsers have a line of their own, so that strangers never delay them.
KNOWN_BROWSERS = Queue(at_once=2, in_line=4)
STRANGERS = Queue(at_once=1, in_line=2)
# Who names an account that is there and has waited: a crowd with invented names must not keep them out.
PATIENT = Queue(at_once=1, in_line=4)
BUSY_WAIT = 5  # seconds

log = logging.getLogger("safeconduct.operators")


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """What was typed, and what the browser brought: its own lane if it is known, a ticket if it waited."""

    name: str
    passphrase: str
    code: str
    known_lane: str | None = None
    ticket: str = ""
    by_key: bool = False  # a security key follows instead of the code


@dataclass(frozen=True, slots=True, repr=False)
class Proven:
    """The operator and their opened key. With `by_key` that is half: the lane is relieved when the security key has answered."""

    operator: Operator
    keys: OperatorKeys
    lane: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Something did not fit; what, is not said. `wait`: the next attempt needs this ticket. `tried`: this one counted."""

    tried: bool
    wait: Wait | None = None


def prove(said: Said, now: int) -> Proven | Refused:
    """Open the vault and spend the code. An unknown name costs the same work and leaves the same traces."""
    name = names.as_typed(said.name)
    strangers = pressure.lane_of("strangers", name)
    is_known = said.known_lane is not None and pressure.failures(said.known_lane, now) < GUESSES
    lane = said.known_lane if is_known and said.known_lane else strangers
    wait = None if is_known else _still_to_wait(lane, said.ticket, now)
    if wait is not None:
        return Refused(tried=False, wait=wait)
    try:
        with _line(name, said, is_known=is_known).turn():
            proven = _opened(name, said, lane)
    except TooBusy:
        return Refused(tried=False, wait=pressure.waiting(lane, now, BUSY_WAIT))
    if proven is None:
        pressure.note_failure(lane, now)
        return Refused(tried=True, wait=None if is_known else pressure.wait_for(lane, now))
    if not said.by_key:
        pressure.relieve(lane)
    return proven


def _line(name: str, said: Said, *, is_known: bool) -> Queue:
    if is_known:
        return KNOWN_BROWSERS
    has_waited = bool(said.ticket) and Operator.objects.filter(name=name, active=True).exists()
    return PATIENT if has_waited else STRANGERS


def _still_to_wait(lane: str, ticket: str, now: int) -> Wait | None:
    """None once a ripe ticket has been spent, or when this lane needs none."""
    wait = pressure.wait_for(lane, now)
    if wait is None:
        return None
    try:
        pressure.spend(ticket, lane, now)
    except TooEarly as early:
        return Wait(ticket, early.seconds)
    except StaleTicket:
        return wait
    return None


def _opened(name: str, said: Said, lane: str) -> Proven | None:
    operator = Operator.objects.filter(name=name, active=True).first()
    record = bytes(operator.vault) if operator else vaults.nobodys()
    keys = vaults.opened(record, vaults.typed(said.passphrase))
    if operator is None or keys is None or not _second_fits(operator, said):
        return None
    return Proven(operator, keys, lane) if _key_is_theirs(operator, keys) else None


def _second_fits(operator: Operator, said: Said) -> bool:
    """Who has no security key and asks for one is refused like everybody else whose words do not fit."""
    return operator.security_keys.exists() if said.by_key else _code_is_right(operator, said.code)


@transaction.atomic
def _code_is_right(operator: Operator, code: str) -> bool:
    """A code counts once. Only someone who has the passphrase comes this far, and only they are slowed here."""
    device = TOTPDevice.objects.select_for_update().filter(user=operator).first()
    right = device is not None and device.verify_token("".join(code.split()))
    if not right:
        audit.record(operator, "operators.refused")
    return right


@transaction.atomic
def _key_is_theirs(operator: Operator, keys: OperatorKeys) -> bool:
    """False when the public key beside the vault is not the vault's: someone put it there to be let in as this person."""
    if bytes(operator.public) == keys.private.public.raw:
        return True
    log.error("The public key of an operator was exchanged in the database. Look at the record.")
    audit.record(operator, "operators.key_exchanged")
    return False
