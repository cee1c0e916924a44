# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the exchange office has to be told of a list that it has (R40): a wish is revised until somebody is gone.

Who changed their wish is worked out anew with the keys of whoever looks. In clear stands only that the office was told how a list
stands, which is pressed after every talk with it: nobody learns from that whether somebody changed their mind (R43).
"""

from collections.abc import Collection

from django.db import transaction

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import crossing, signing
from safeconduct.desk.custody.models import Event, Person
from safeconduct.desk.custody.wishes import list_sealing, listing
from safeconduct.desk.custody.wishes.errors import ListSettled
from safeconduct.desk.custody.wishes.listing import HANDED, Looked
from safeconduct.desk.custody.wishes.models import ExchangeList
from safeconduct.desk.operators.errors import NotAdmitted
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.sealing.errors import SealingError
from safeconduct.vocabulary.custody import PersonEvent


def untold(keyring: Keyring, row: ExchangeList) -> list[str]:
    """The numbers of those who can no longer be exchanged by this list, and of whom the office knows nothing yet.

    A reading of the list, recorded like any other. Of a list that does not open for who asks, or was not handed over: nobody.
    """
    return _untold(keyring, row) if row.state == HANDED else []


@transaction.atomic
def _untold(keyring: Keyring, row: ExchangeList) -> list[str]:
    if signing.is_set_aside(list_sealing.TABLE, row):
        return []
    try:
        kept = listing.kept(list_sealing.opened(keyring, row))
    except (NotAdmitted, SealingError):
        return []
    audit.record(keyring.operator, "custody.exchange_read", str(row.pk))
    gone = _gone_home(row, kept)
    open_ones = (one.entry for one in kept if one.why is None and not one.is_told and one.entry.number not in gone)
    return [entry.number for entry in open_ones if listing.why_since(keyring, row, entry)]


@crossing.act
def tell(keyring: Keyring, pk: int, seen: Collection[str]) -> None:
    """Somebody has told the exchange office how the list stands, which is as they had `seen` it: who must not be exchanged by it.

    Who changed their wish since the page was opened is not counted as told. Raises `ListSettled`.
    """
    row = ExchangeList.objects.select_for_update().filter(pk=pk, state=HANDED).first()
    if row is None:
        raise ListSettled
    against = [one.entry.number for one in listing.look_since(keyring, row) if one.why and one.entry.number in seen]
    listing.mark_told(keyring, row, against)
    row.save()
    audit.record(keyring.operator, "custody.exchange_told", str(pk))


def _gone_home(row: ExchangeList, kept: list[Looked]) -> set[str]:
    """Most of an old list: their wishes need not be opened."""
    people = Person.objects.filter(number__in=[one.entry.number for one in kept])
    went = Event.objects.filter(
        person__in=people, kind=PersonEvent.REPATRIATED.value, stands=True, happened__gte=row.day
    )
    return set(went.values_list("person__number", flat=True))
