# SPDX-License-Identifier: AGPL-3.0-or-later
"""Before anybody is returned everything is looked at together: wish, fear, decision, ground, and for an exchange its list (R40, R41)."""

from django.utils import timezone

from safeconduct.desk.alerts import clock
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.audit.refusing import refusals_recorded
from safeconduct.desk.custody.models import Person
from safeconduct.desk.custody.wishes import listing, returning
from safeconduct.desk.custody.wishes.counting import Stop, stops
from safeconduct.desk.custody.wishes.errors import ReturnStopped
from safeconduct.desk.custody.wishes.models import Clearance
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.vocabulary.wishes import WayHome


def clear_for_return(keyring: Keyring, person: Person, way: WayHome) -> None:
    """For 72 hours the register then lets the person be entered as returned.

    What is left in clear says that it was checked, and nothing else: not in which way, which would tell of a wish. Anything
    said since ends it, and so does striking the ground on which somebody could have been cleared. Raises `ReturnStopped`.
    """
    actor = keyring.operator
    with refusals_recorded(actor, "custody.return_stopped", person.number, of=ReturnStopped):
        held = Person.objects.select_for_update().get(pk=person.pk)  # nobody enters another wish meanwhile
        Clearance.objects.filter(person=held).delete()
        why = _stopped(keyring, held, way)
        if why is not None:
            raise ReturnStopped(why)
        Clearance.objects.create(person=held, lapses=clock.latest(timezone.now()) + returning.CLEARED_FOR)
        audit.record(actor, "custody.return_cleared", person.number)


def _stopped(keyring: Keyring, person: Person, way: WayHome) -> Stop | None:
    """Nobody is exchanged on one registrar's word: the list is what a second one looked at (R40)."""
    now, fear = returning.standing_of(keyring, person), returning.fear_of(keyring, person)
    why = stops(now, way, fear, returning.grounds_of(person))
    if why is None and way is WayHome.EXCHANGE and not listing.is_to_be_exchanged(keyring, person):
        return Stop.NOT_LISTED
    return why
