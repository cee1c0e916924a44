# SPDX-License-Identifier: AGPL-3.0-or-later
"""Exchange lists, each sealed to the registrars as one page: no row beside it says who stands on it."""

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody.sealed import CUSTODY
from safeconduct.desk.custody.wishes.models import ExchangeList
from safeconduct.desk.operators.acts import team_key
from safeconduct.desk.operators.destroying import Destroyer
from safeconduct.desk.operators.errors import NotAdmitted
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import TeamKey
from safeconduct.desk.operators.rewrapping import Pass, Rewrapper, Step
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.keys import PublicKey, open_with, seal_to
from safeconduct.sealing.padding import pad, unpad
from safeconduct.vocabulary.wishes import Listing


def close(row: ExchangeList, listing: Listing) -> None:
    """Puts it into the row, which the caller saves. Raises `UnknownTeam`, `TooLarge`."""
    key = team_key(CUSTODY)
    row.key_version, row.body = key.version, _sealed(row, key.key, pad(msgspec.json.encode(listing)))


def opened(keyring: Keyring, row: ExchangeList) -> Listing:
    """Raises `NotAdmitted`, `Tampered`."""
    held = {one.version: one.private for one in keyring.held_keys(CUSTODY)}
    if row.key_version not in held:
        raise NotAdmitted("no colleague has let the operator in to that key")
    return msgspec.json.decode(
        unpad(open_with(held[row.key_version], bytes(row.body), purpose=_purpose(row))), type=Listing
    )


def _sealed(row: ExchangeList, key: PublicKey, plain: bytes) -> bytes:
    return seal_to(key, plain, purpose=_purpose(row))


def _purpose(row: ExchangeList) -> bytes:
    return b"custody/list/" + bytes(row.token)


def _count(team: str) -> int:
    return ExchangeList.objects.count() if team == CUSTODY else 0


@transaction.atomic
def _step(way: Pass, after: int, limit: int) -> Step:
    """There is one wrap: it is replaced once everybody of the team can have the new key."""
    if way.team != CUSTODY or not way.destroys_old:
        return Step(after, 0, 0, is_end=True)
    rows = list(ExchangeList.objects.select_for_update().filter(pk__gt=after).order_by("pk")[:limit])
    version = TeamKey.objects.get(team__code=CUSTODY, public=way.new.raw).version
    closed = sum(not _sealed_anew(row, way, version) for row in rows if row.key_version != version)
    return Step(rows[-1].pk if rows else after, len(rows), closed, is_end=len(rows) < limit)


def _sealed_anew(row: ExchangeList, way: Pass, version: int) -> bool:
    for key in way.old:
        try:
            plain = open_with(key, bytes(row.body), purpose=_purpose(row))
        except SealingError:
            continue
        row.key_version, row.body = version, _sealed(row, way.new, plain)
        row.save(update_fields=["key_version", "body"])
        return True
    return False


REWRAPPERS = (Rewrapper("wishes.lists", _("Exchange lists"), _count, _step),)
DESTROYERS = (
    Destroyer(
        "wishes.lists",
        _("Exchange lists"),
        lambda: ExchangeList.objects.exclude(body=b"").count(),
        lambda: ExchangeList.objects.exclude(body=b"").update(body=b""),
    ),
)
