# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's word to the edge on whom a conversation is sealed to: given inside an act, told by the collector.

Each is kept until it lies in the spool, in which a newer one replaces it. A restored desk goes on with higher numbers,
because they begin with the day.
"""

import hashlib
import time
from dataclasses import dataclass

from django.db import transaction

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.cases.keys import DeskKeys
from safeconduct.desk.cases.models import Case, Instruction, today
from safeconduct.desk.operators.acts import shown_key
from safeconduct.sealing import instruction as sealing
from safeconduct.sealing.signatures import SigningKey
from safeconduct.spool.contract import DAY, Commit, Kept, Lane
from safeconduct.vocabulary import instruction as words
from safeconduct.vocabulary.board import HANDOVER
from safeconduct.vocabulary.identifiers import DedupKey

_A_DAYS_SERIALS = 1 << 16


@dataclass(frozen=True, slots=True)
class Telling:
    """One instruction on its way into the spool."""

    case: int
    serial: int
    commit: Commit


def give(case: Case, team: str, signer: SigningKey) -> None:
    """From now on the conversation is sealed to that team's newest key on the board. In the transaction of the caller's act."""
    key = shown_key(team)
    before = Instruction.objects.filter(case=case).values_list("serial", flat=True).first() or 0
    serial = max(before + 1, today().toordinal() * _A_DAYS_SERIALS)
    said = words.Instruction(case.conversation_id, serial, team, key.version, key.key.key_id)  # type: ignore[arg-type]  # one of the two
    Instruction.objects.update_or_create(
        case=case,
        defaults={
            "serial": serial,
            "team": team,
            "version": key.version,
            "signed": sealing.sign(words.encode(said), signer),
            "is_told": False,
        },
    )


def due(keys: DeskKeys, limit: int) -> list[Telling]:
    """What the edge has not been told. A cell's new key is told for every case that is with it, once the board names it."""
    _renew(keys)
    rows = Instruction.objects.select_related("case").filter(is_told=False).order_by("pk")[:limit]
    return [_telling(row) for row in rows]


@transaction.atomic
def told(case: int, serial: int) -> None:
    """It lies in the spool, durably; one that was given meanwhile is told next."""
    if Instruction.objects.filter(case=case, serial=serial, is_told=False).update(is_told=True):
        audit.record(None, "cases.instruct", Case.objects.values_list("number", flat=True).get(pk=case))


@transaction.atomic
def pointless(case: int) -> None:
    """The conversation has ended at the edge: nothing will ever be sealed for it again."""
    Instruction.objects.filter(case=case).update(is_told=True)


def _renew(keys: DeskKeys) -> None:
    cell = Instruction.objects.filter(team=HANDOVER, case__with_cell="cell")
    if not cell.exists():
        return
    stale = cell.exclude(version=shown_key(HANDOVER).version)
    for row in stale.select_related("case"):
        with transaction.atomic():
            give(Case.objects.select_for_update().get(pk=row.pk), HANDOVER, keys.signer)


def _telling(row: Instruction) -> Telling:
    conversation = row.case.conversation_id
    kept = Kept(words.KIND, conversation, bytes(row.signed), int(time.time()) + words.DAYS * DAY)
    name = b"safeconduct/1/instruct" + conversation + row.serial.to_bytes(8)
    key = DedupKey(hashlib.sha256(name).digest())
    return Telling(row.pk, row.serial, Commit(key, Lane.REPLY, conversation, (), keeps=(kept,)))
