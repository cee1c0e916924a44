# SPDX-License-Identifier: AGPL-3.0-or-later
"""Going on duty and off, and what an operator brings to a call. One transaction and one entry each; no entry names a phone."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.operators import duty, roles
from safeconduct.desk.operators.duty import Card, Clock
from safeconduct.desk.operators.errors import NoCard, NotAllowed
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import DutyCard, Operator, Shift
from safeconduct.sealing.duty import seal_phone, sign_shift
from safeconduct.sealing.keys import PublicKey
from safeconduct.sealing.signatures import SigningKey
from safeconduct.vocabulary.duty import numbered_phone

HOUR = 3600


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a shift needs of the desk: its own signature, and the key of the channel that rings; None: no phone can."""

    signer: SigningKey
    channel: PublicKey | None


@transaction.atomic
def save_card(keyring: Keyring, card: Card, exchange: Exchange) -> None:
    """Who is on duty already rings under the new phone from now on. Raises `Locked`."""
    sealed = seal_phone(card.phone.encode(), keyring.private.public) if card.phone else None
    said = {
        "languages": " ".join(card.languages),
        "hours": card.hours,
        "capacity": card.capacity,
    }
    DutyCard.objects.update_or_create(operator=keyring.operator, defaults=said | {"phone": sealed})
    shift = Shift.objects.filter(operator=keyring.operator).first()
    if shift is not None:
        _sign(shift, card, exchange)
        shift.save()
    audit.record(keyring.operator, "operators.duty_card")


@transaction.atomic
def set_skills(actor: Operator, operator: Operator, skills: Sequence[str]) -> None:
    """What somebody is trained for, as a supervisor says; it counts at once, for who is on duty too.

    Raises `NotAllowed` for who does not say so, or who is never on duty; `CardRefused`.
    """
    if not roles.may(actor.plays, "skills.set") or not operator.active or not roles.may(operator.plays, "duty.take"):
        raise NotAllowed("a supervisor says what those who go on duty are trained for")
    noted = {"skills": " ".join(duty.parse_skills(skills))}
    DutyCard.objects.update_or_create(
        operator=operator, defaults=noted, create_defaults={"languages": "", "hours": duty.HOURS_USUAL} | noted
    )
    audit.record(actor, "operators.skills", f"{operator.name}: {noted['skills'] or '-'}")


@transaction.atomic
def begin(keyring: Keyring, session: str, exchange: Exchange, *, clock: Clock = time.time) -> None:
    """On duty for as long as the card says, while that session stays open. Raises `Locked`, `NoCard`."""
    card = duty.card_of(keyring)
    if card is None:
        raise NoCard("what they speak is not known")
    shift = Shift(operator=keyring.operator, session=session, until=int(clock()) + card.hours * HOUR)
    _sign(shift, card, exchange)
    shift.save()
    audit.record(keyring.operator, "operators.duty_began")


@transaction.atomic
def end(operator: Operator) -> None:
    """Who is off duty already stays so."""
    if Shift.objects.filter(operator=operator).delete()[0]:
        audit.record(operator, "operators.duty_ended")


@transaction.atomic
def lapse(*, clock: Clock = time.time) -> list[Operator]:
    """Take off duty whose shift does not run any more. Returns who. Called by the clock."""
    over = [
        shift
        for shift in Shift.objects.select_related("operator")
        if not duty.is_running(shift, shift.operator, clock=clock)
    ]
    # Only this very shift: whoever began another one meanwhile is on duty.
    gone = [
        shift.operator
        for shift in over
        if Shift.objects.filter(pk=shift.pk, session=shift.session, until=shift.until).delete()[0]
    ]
    for operator in gone:
        audit.record(None, "operators.duty_lapsed", operator.name)
    return gone


def _sign(shift: Shift, card: Card, exchange: Exchange) -> None:
    """The phone and the operator's number as the channel alone can open them, under the desk's signature."""
    said = numbered_phone(card.phone, duty.number_of(shift.operator)).encode()
    shift.phone = seal_phone(said, exchange.channel) if card.phone and exchange.channel is not None else b""
    shift.signature = sign_shift(shift.operator_id, shift.until, shift.phone, exchange.signer)
