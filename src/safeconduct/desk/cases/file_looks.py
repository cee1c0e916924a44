# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looking at one file of a case: recorded, rendered, and held in memory for the minute in which a browser asks for it."""

import threading
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.cases import file_rendering, files, holding
from safeconduct.desk.cases.errors import CaseGone, FileGone
from safeconduct.desk.cases.file_rendering import Refused, Rendering
from safeconduct.desk.cases.models import StoredEnvelope
from safeconduct.desk.cases.opening import open_all
from safeconduct.desk.cases.writing import Hand, erasure_key
from safeconduct.vocabulary.records import FileSent

HELD_SECONDS = 60
HELD_AT_ONCE = 16

Look = tuple[int, bytes]  # the operator, and the envelope that names the file


@dataclass
class Held:
    """Renderings that were shown a moment ago. Each is forgotten after a minute, whether or not anybody asks again."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _renderings: dict[Look, Rendering] = field(default_factory=dict)

    def get(self, look: Look) -> Rendering | None:
        with self._lock:
            return self._renderings.get(look)

    def put(self, look: Look, rendering: Rendering) -> None:
        with self._lock:
            if len(self._renderings) >= HELD_AT_ONCE:
                self._renderings.pop(next(iter(self._renderings)))
            self._renderings[look] = rendering
        end = threading.Timer(HELD_SECONDS, self.drop, [look])
        end.daemon = True
        end.start()

    def drop(self, look: Look) -> None:
        with self._lock:
            self._renderings.pop(look, None)


_held = Held()


def look(hand: Hand, number: str, envelope: bytes, folder: Path) -> Rendering:
    """What this file shows. Raises `CaseGone` where the case, or a file under this envelope, is not there (any more).

    The same operator's browser that asks again within the minute is still in the same look.
    """
    sent = _find(hand, number, envelope)
    this = (hand.operator.pk, envelope)
    found = _held.get(this)
    if found is not None:
        return found
    _record(hand, "cases.file", number)
    rendering = _render(sent, folder)
    if isinstance(rendering, Refused):
        _record(hand, "cases.file-refused", f"{number}: {rendering.reason}")
    else:
        _held.put(this, rendering)
    return rendering


def _render(sent: FileSent, folder: Path) -> Rendering:
    try:
        with files.opened(folder, sent) as content:
            return file_rendering.render(content)
    except FileGone:
        return Refused("gone")


def _find(hand: Hand, number: str, envelope: bytes) -> FileSent:
    rows = StoredEnvelope.objects.select_related("case").filter(case__number=number, envelope=envelope)
    row = rows.first()
    if row is None or not holding.is_seen_by(hand.operator, row.case):
        raise CaseGone(number)
    opened = open_all([row], erasure_key(hand.keys, row.case), hand.team, hand.keys.doors, older=hand.older)
    record = opened.items[0].record
    if not isinstance(record, FileSent):
        raise CaseGone(number)
    return record


@transaction.atomic
def _record(hand: Hand, act: str, subject: str) -> None:
    audit.record(hand.operator, act, subject)
