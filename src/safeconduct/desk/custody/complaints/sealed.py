# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of a complaint, one copy for the monitor and one for counsel. No page opens for another complaint."""

from dataclasses import dataclass
from typing import TypeVar

import msgspec
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody import signing
from safeconduct.desk.custody.complaints.models import Complaint, Page
from safeconduct.desk.custody.resealing import SealedTable
from safeconduct.desk.operators.acts import team_key
from safeconduct.desk.operators.errors import NotAdmitted
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.sealing.keys import PrivateKey, open_with, seal_to
from safeconduct.sealing.padding import pad, unpad
from safeconduct.vocabulary.complaints import ComplaintStep, ComplaintTold

TEAMS = ("monitor", "counsel")  # R30, R37: nobody whom it may accuse is in either
TOLD, STEP = "told", "step"
Record = TypeVar("Record", ComplaintTold, ComplaintStep)


@dataclass(frozen=True, slots=True)
class Opened:
    """One complaint as its reader sees it."""

    row: Complaint
    told: ComplaintTold
    steps: list[ComplaintStep]


def keep(complaint: Complaint, record: ComplaintTold | ComplaintStep) -> None:
    """Called inside an act. Raises `UnknownTeam` while one of the two has no key."""
    kind = TOLD if isinstance(record, ComplaintTold) else STEP
    plain, rows = pad(msgspec.json.encode(record)), []
    for team in TEAMS:
        key = team_key(team)
        body = seal_to(key.key, plain, purpose=_purpose(complaint, kind))
        rows.append(Page(complaint=complaint, kind=kind, team=team, key_version=key.version, body=body))
    signing.keep(TABLE, rows)


def opened(keyring: Keyring, complaint: Complaint) -> Opened:
    """Raises `NotAdmitted`, `Tampered`."""
    team = keyring.operator.plays.team
    if team not in TEAMS:
        raise NotAdmitted("complaints are sealed to the monitor and counsel")
    held = {one.version: one.private for one in keyring.held_keys(team)}
    mine = Page.objects.filter(complaint=complaint, team=team).select_related("complaint")
    rows = list(signing.standing(TABLE, mine))
    if any(row.key_version not in held for row in rows):
        raise NotAdmitted("no colleague has let the operator in to that key")
    (told,) = [_read(row, held[row.key_version], ComplaintTold) for row in rows if row.kind == TOLD]
    return Opened(
        complaint, told, [_read(row, held[row.key_version], ComplaintStep) for row in rows if row.kind == STEP]
    )


def _read(row: Page, key: PrivateKey, record: type[Record]) -> Record:
    plain = unpad(open_with(key, bytes(row.body), purpose=_purpose(row.complaint, row.kind)))
    return msgspec.json.decode(plain, type=record)


def _purpose(complaint: Complaint, kind: str) -> bytes:
    return b"custody/complaint/" + kind.encode() + b"/" + bytes(complaint.ticket)


TABLE = SealedTable(
    "complaints.pages",
    _("What was said to the monitor and to counsel"),
    Page,
    lambda team: Page.objects.filter(team=team).select_related("complaint"),
    lambda row: _purpose(row.complaint, row.kind),
    rows=lambda: Page.objects.select_related("complaint"),
    day_of=lambda row: row.complaint.entered,
    is_counted=False,
)
REWRAPPERS = (TABLE.rewrapper(),)
DESTROYERS = (TABLE.destroyer(),)
