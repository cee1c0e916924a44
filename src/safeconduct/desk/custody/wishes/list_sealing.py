# SPDX-License-Identifier: AGPL-3.0-or-later
"""Exchange lists, each sealed to the registrars as one page: no row beside it says who stands on it."""

from contextlib import suppress

import msgspec
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody import signing
from safeconduct.desk.custody.resealing import SealedTable
from safeconduct.desk.custody.sealed import CUSTODY
from safeconduct.desk.custody.wishes import dropping
from safeconduct.desk.custody.wishes.errors import ListSettled
from safeconduct.desk.custody.wishes.models import ExchangeList
from safeconduct.desk.operators.acts import team_key
from safeconduct.desk.operators.errors import NotAdmitted
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.sealing.keys import PublicKey, open_with, seal_to
from safeconduct.sealing.padding import pad, unpad
from safeconduct.vocabulary.wishes import Listing


def close(row: ExchangeList, listing: Listing) -> None:
    """Puts it into the row, which the caller saves. Raises `UnknownTeam`, `TooLarge`."""
    key = team_key(CUSTODY)
    row.key_version, row.body = key.version, _sealed(row, key.key, pad(msgspec.json.encode(listing)))
    signing.sign(TABLE, [row])


def opened(keyring: Keyring, row: ExchangeList) -> Listing:
    """Raises `NotAdmitted`, `Tampered`."""
    held = {one.version: one.private for one in keyring.held_keys(CUSTODY)}
    signing.require_true(TABLE, row)
    if row.key_version not in held:
        raise NotAdmitted("no colleague has let the operator in to that key")
    return msgspec.json.decode(
        unpad(open_with(held[row.key_version], bytes(row.body), purpose=_purpose(row))), type=Listing
    )


def _sealed(row: ExchangeList, key: PublicKey, plain: bytes) -> bytes:
    return seal_to(key, plain, purpose=_purpose(row))


def _purpose(row: ExchangeList) -> bytes:
    return b"custody/list/" + bytes(row.token)


def _of_team(team: str) -> QuerySet[ExchangeList]:
    """Held: a list is sealed anew with every wish as well."""
    return ExchangeList.objects.select_for_update() if team == CUSTODY else ExchangeList.objects.none()


def _not_used(actor: Operator, row: ExchangeList) -> None:
    """Nobody can look at who stands on it: one that still waits or is approved is dropped. What was handed over stays so."""
    with suppress(ListSettled):
        dropping.drop(actor, row.pk)


TABLE = SealedTable(
    "wishes.lists",
    _("Exchange lists"),
    ExchangeList,
    _of_team,
    _purpose,
    rows=ExchangeList.objects.all,
    day_of=lambda row: row.day,
    team_of=lambda _row: CUSTODY,
    number_of=lambda _row: 0,  # it is signed before it has one, and its token names it: there is one row of each
    reads_without=True,
    when_set_aside=_not_used,
)
REWRAPPERS = (TABLE.rewrapper(),)
DESTROYERS = (TABLE.destroyer(),)
