# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is written of a visit, one copy for the registrars and one for the monitor. No page opens for another visit."""

from typing import TypeVar

import msgspec
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody import signing
from safeconduct.desk.custody.camplife.models import Visit, Words
from safeconduct.desk.custody.errors import NobodyReads
from safeconduct.desk.custody.resealing import SealedTable
from safeconduct.desk.operators.acts import team_key
from safeconduct.desk.operators.errors import NotAdmitted, UnknownTeam
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.sealing.keys import open_with, seal_to
from safeconduct.sealing.padding import pad, unpad
from safeconduct.vocabulary.camplife import RefusalTold, VisitTold

TEAMS = ("custody", "monitor")
Record = TypeVar("Record", VisitTold, RefusalTold)


def made(makings: int) -> str:
    """The kind of page that says how it was made, after it was struck so often that it was."""
    return f"made-{makings}" if makings else "made"


def refused(refusal: int) -> str:
    """The kind of page that says why; each refusal has one."""
    return f"refused-{refusal}"


def keep(visit: Visit, kind: str, record: VisitTold | RefusalTold) -> None:
    """Called inside an act. Raises `NobodyReads`."""
    plain, rows = pad(msgspec.json.encode(record)), []
    for team in TEAMS:
        try:
            key = team_key(team)
        except UnknownTeam:
            raise NobodyReads from None
        body = seal_to(key.key, plain, purpose=_purpose(visit, kind))
        rows.append(Words(visit=visit, kind=kind, team=team, key_version=key.version, body=body))
    signing.keep(TABLE, rows)


def newest(keyring: Keyring, visit: Visit, kind: str, record: type[Record]) -> Record | None:
    """What was written last; None where nothing was. Raises `NotAdmitted`, `Tampered`."""
    team = keyring.operator.plays.team
    if team not in TEAMS:
        raise NotAdmitted("such a page is sealed to other teams")
    rows = Words.objects.filter(visit=visit, kind=kind, team=team).select_related("visit")
    held = {one.version: one.private for one in keyring.held_keys(team)} if rows.exists() else {}
    row = signing.newest(TABLE, rows)
    if row is None:
        return None
    if row.key_version not in held:
        raise NotAdmitted("no colleague has let the operator in to that key")
    plain = unpad(open_with(held[row.key_version], bytes(row.body), purpose=_purpose(visit, kind)))
    return msgspec.json.decode(plain, type=record)


def _purpose(visit: Visit, kind: str) -> bytes:
    return b"custody/visit/" + kind.encode() + b"/" + bytes(visit.token)


TABLE = SealedTable(
    "camplife.words",
    _("What was written of visits"),
    Words,
    lambda team: Words.objects.filter(team=team).select_related("visit"),
    lambda row: _purpose(row.visit, row.kind),
    rows=lambda: Words.objects.select_related("visit"),
    day_of=lambda row: row.visit.asked,
    reads_without=True,
)
REWRAPPERS = (TABLE.rewrapper(),)
DESTROYERS = (TABLE.destroyer(),)
