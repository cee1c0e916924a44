# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which cases a handover has to do with, kept beside it under its case's erasure key; the length tells nobody how many."""

from collections.abc import Collection

from safeconduct.desk.cases import writing
from safeconduct.desk.cases.errors import CaseGone
from safeconduct.desk.cases.keys import DeskKeys
from safeconduct.desk.cases.models import Case
from safeconduct.desk.handover.models import Handover
from safeconduct.sealing.erasure import protect, recover
from safeconduct.sealing.errors import SealingError

_WIDTH = 8  # bytes of a row's number
_ROOM = 64


def packed(keys: DeskKeys, handover: Handover, case: Case, pks: Collection[int], *, what: str) -> bytes:
    """`what` they are for is bound in. Raises `CaseGone`."""
    kept = b"".join(pk.to_bytes(_WIDTH) for pk in sorted(pks))
    kept = kept.ljust(-(-max(1, len(pks)) // _ROOM) * _ROOM * _WIDTH, b"\0")
    return protect(writing.erasure_key(keys, case), kept, context=_place(handover, what))


def unpacked(keys: DeskKeys, handover: Handover, case: Case, kept: bytes | None, *, what: str) -> set[int]:
    """None of what was never noted, or does not open. Needs no opened key."""
    if kept is None:
        return set()
    try:
        plain = recover(writing.erasure_key(keys, case), kept, context=_place(handover, what))
    except (CaseGone, SealingError):
        return set()
    return {int.from_bytes(plain[at : at + _WIDTH]) for at in range(0, len(plain), _WIDTH)} - {0}


def _place(handover: Handover, what: str) -> bytes:
    return f"handover {handover.number} {what}".encode()
