# SPDX-License-Identifier: AGPL-3.0-or-later
"""Questions and answers under the Bureau's key. Each is bound to its inquiry: none can be put in another's place."""

from typing import Final, TypeVar

import msgspec
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody import acts
from safeconduct.desk.custody.errors import NobodyReads
from safeconduct.desk.custody.inquiries.models import Inquiry, Words
from safeconduct.desk.operators.acts import team_key
from safeconduct.desk.operators.destroying import Destroyer
from safeconduct.desk.operators.errors import NotAdmitted, UnknownTeam
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import TeamKey
from safeconduct.desk.operators.rewrapping import Pass, Rewrapper, Step
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.keys import PrivateKey, open_with, seal_to
from safeconduct.sealing.padding import pad, unpad

TEAM: Final = "bureau"
ASKED, ANSWERED = "asked", "answered"
Record = TypeVar("Record", bound=msgspec.Struct)


def keep(inquiry: Inquiry, kind: str, record: msgspec.Struct) -> None:
    """Called inside an act. Raises `NobodyReads`."""
    try:
        key = team_key(TEAM)
    except UnknownTeam:
        raise NobodyReads from None
    body = seal_to(key.key, pad(msgspec.json.encode(record)), purpose=_purpose(inquiry, kind))
    Words.objects.create(inquiry=inquiry, kind=kind, key_version=key.version, body=body, entered=acts.today())


def every(keyring: Keyring, inquiry: Inquiry, kind: str, record: type[Record]) -> list[Record]:
    """What was written of that kind, oldest first. Raises `NotAdmitted`, `Tampered`."""
    held = {one.version: one.private for one in keyring.held_keys(TEAM)}
    rows = list(inquiry.words.filter(kind=kind))
    if any(row.key_version not in held for row in rows):
        raise NotAdmitted("no colleague has let the operator in to that key")
    purpose = _purpose(inquiry, kind)
    return [
        msgspec.json.decode(unpad(open_with(held[row.key_version], bytes(row.body), purpose=purpose)), type=record)
        for row in rows
    ]


def _purpose(inquiry: Inquiry, kind: str) -> bytes:
    return b"custody/inquiry/" + kind.encode() + b"/" + bytes(inquiry.token)


def _count(team: str) -> int:
    return Words.objects.count() if team == TEAM else 0


def _step(way: Pass, after: int, limit: int) -> Step:
    if way.team != TEAM or not way.destroys_old:  # one wrap: it is replaced once everybody can have the new key
        return Step(after, 0, 0, is_end=True)
    rows = list(Words.objects.filter(pk__gt=after).select_related("inquiry").order_by("pk")[:limit])
    version = TeamKey.objects.get(team__code=TEAM, public=way.new.raw).version
    closed = sum(not _sealed_anew(row, way, version) for row in rows if row.key_version != version)
    return Step(rows[-1].pk if rows else after, len(rows), closed, is_end=len(rows) < limit)


def _sealed_anew(row: Words, way: Pass, version: int) -> bool:
    purpose = _purpose(row.inquiry, row.kind)
    plain = _opened(bytes(row.body), way.old, purpose)
    if plain is None:
        return False
    row.body, row.key_version = seal_to(way.new, plain, purpose=purpose), version
    row.save(update_fields=["body", "key_version"])
    return True


def _opened(body: bytes, keys: tuple[PrivateKey, ...], purpose: bytes) -> bytes | None:
    for key in keys:
        try:
            return open_with(key, body, purpose=purpose)
        except SealingError:
            continue
    return None


REWRAPPERS = (Rewrapper("custody.inquiries", _("Inquiries to the Bureau"), _count, _step),)
DESTROYERS = (
    Destroyer(
        "custody.inquiries",
        _("Inquiries to the Bureau"),
        lambda: Words.objects.exclude(body=b"").count(),
        lambda: Words.objects.exclude(body=b"").update(body=b""),
    ),
)
