# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is entered of a person's own words: a wish, and what is for independent counsel alone."""

from datetime import timedelta

import msgspec
from django.utils import timezone

from safeconduct.desk.alerts import clock
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts as register
from safeconduct.desk.custody import crossing, days, sealed
from safeconduct.desk.custody.acts import When, today
from safeconduct.desk.custody.errors import DayRefused, NobodyReads
from safeconduct.desk.custody.models import Person
from safeconduct.desk.custody.wishes import listing, records, returning
from safeconduct.desk.operators.errors import UnknownTeam
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.wishes import ForCounsel, Wish

_SLACK = timedelta(minutes=5)  # between the clock on the wall and this one


@crossing.act
def take(keyring: Keyring, person: Person, wish: Wish) -> None:
    """What a person said of their wish, complete or not. In clear stands that they were asked, and never what they said.

    Whoever no longer wishes to be exchanged is off every list that was not handed over; of one that was, their page says that the
    exchange office has to be told. A fear begins its own decision.
    Raises `DayRefused`, `NobodyReads`.
    """
    if wish.said > clock.latest(timezone.now()) + _SLACK:
        raise DayRefused("ahead")
    actor, when = keyring.operator, When(timezone.localdate(wish.said))
    _keep(person, records.WISH, records.filled(msgspec.structs.replace(wish, entered_by=actor.name)))
    register.happen(actor, person, PersonEvent.WISH_TAKEN, when)
    if wish.fears_return and not returning.is_feared(person):
        register.happen(actor, person, PersonEvent.FEAR_STATED, when)
    listing.look_again(keyring, person)
    audit.record(actor, "custody.wish", person.number)


@crossing.act
def tell_counsel(actor: Operator, person: Person, words: str) -> None:
    """What a person said goes to independent counsel, who alone can read it, and alone hears that it came (R42).

    It is no wish, and nothing of the person's status or treatment changes. Raises `NobodyReads`.
    """
    _keep(person, records.FOR_COUNSEL, ForCounsel(words=words))
    register.happen(actor, person, PersonEvent.SPONTANEOUS_OFFER, When(days.here()))
    audit.record(actor, "custody.counsel_told", person.number)


def _keep(person: Person, page: sealed.Page[sealed.Record], record: sealed.Record) -> None:
    try:
        sealed.keep(person, page, record, entered=today())
    except UnknownTeam:
        raise NobodyReads from None
