# SPDX-License-Identifier: AGPL-3.0-or-later
"""Questions and answers under the Bureau's key. Each is bound to its inquiry: none can be put in another's place."""

from typing import Final, TypeVar

import msgspec
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody import acts, signing
from safeconduct.desk.custody.errors import NobodyReads
from safeconduct.desk.custody.inquiries.models import Inquiry, Words
from safeconduct.desk.custody.resealing import SealedTable
from safeconduct.desk.operators.acts import team_key
from safeconduct.desk.operators.errors import NotAdmitted, UnknownTeam
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.sealing.keys import open_with, seal_to
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
    row = Words(inquiry=inquiry, kind=kind, key_version=key.version, body=body, entered=acts.today())
    signing.keep(TABLE, [row])


def every(keyring: Keyring, inquiry: Inquiry, kind: str, record: type[Record]) -> list[Record]:
    """What was written of that kind, oldest first. Raises `NotAdmitted`, `Tampered`."""
    held = {one.version: one.private for one in keyring.held_keys(TEAM)}
    rows = list(signing.standing(TABLE, inquiry.words.filter(kind=kind).select_related("inquiry")))
    if any(row.key_version not in held for row in rows):
        raise NotAdmitted("no colleague has let the operator in to that key")
    purpose = _purpose(inquiry, kind)
    return [
        msgspec.json.decode(unpad(open_with(held[row.key_version], bytes(row.body), purpose=purpose)), type=record)
        for row in rows
    ]


def _purpose(inquiry: Inquiry, kind: str) -> bytes:
    return b"custody/inquiry/" + kind.encode() + b"/" + bytes(inquiry.token)


TABLE = SealedTable(
    "custody.inquiries",
    _("Inquiries to the Bureau"),
    Words,
    lambda team: Words.objects.select_related("inquiry") if team == TEAM else Words.objects.none(),
    lambda row: _purpose(row.inquiry, row.kind),
    rows=lambda: Words.objects.select_related("inquiry"),
    day_of=lambda row: row.entered,
    team_of=lambda _row: TEAM,
)
REWRAPPERS = (TABLE.rewrapper(),)
DESTROYERS = (TABLE.destroyer(),)
