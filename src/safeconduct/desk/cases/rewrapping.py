# SPDX-License-Identifier: AGPL-3.0-or-later
"""A new key of a team, wrapped to every envelope that an older one opens. The body is not opened for it."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.cases import keys
from safeconduct.desk.cases.models import StoredEnvelope
from safeconduct.desk.cases.opening import protect_wraps, rejoin
from safeconduct.desk.operators.rewrapping import Pass, Rewrapper, Step
from safeconduct.sealing import envelope as sealing
from safeconduct.sealing.envelope import Envelope
from safeconduct.sealing.erasure import ErasureKey
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.keys import PrivateKey
from safeconduct.vocabulary.identifiers import ConversationId, KeyId


def count(team: str) -> int:
    """Every envelope: whom one is wrapped to is known only once it is looked at."""
    del team
    return StoredEnvelope.objects.count()


def step(way: Pass, after: int, limit: int) -> Step:
    """The next envelopes. One that changed in this moment is looked at again by the next step."""
    rows = list(StoredEnvelope.objects.filter(pk__gt=after).order_by("pk").select_related("case")[:limit])
    erasure = keys.of_this_desk().erasure.get_many(row.case.conversation_id for row in rows)
    closed = 0
    for looked, row in enumerate(rows):
        key = erasure.get(ConversationId(row.case.conversation))
        if key is None:
            continue  # erased a moment ago; its rows follow
        try:
            is_kept = _rewrap(row, way, key)
        except SealingError:  # altered: nobody can open it, and it stays as it is
            closed += 1
            continue
        if not is_kept:
            return Step(after, looked, closed, is_end=False)
        after = row.pk
    return Step(rows[-1].pk if rows else after, len(rows), closed, is_end=len(rows) < limit)


REWRAPPERS = (Rewrapper("cases.envelopes", _("What was said, sent and noted"), count, step),)


def _rewrap(row: StoredEnvelope, way: Pass, erasure: ErasureKey) -> bool:
    """False when somebody else changed the row in between. Raises `SealingError`."""
    envelope = rejoin(row, erasure)
    changed = rewrapped(envelope, way)
    if changed is envelope:
        return True
    _core, wraps = sealing.split(changed)
    mine = StoredEnvelope.objects.filter(pk=row.pk, wraps=row.wraps)
    return bool(mine.update(wraps=protect_wraps(erasure, row.envelope, wraps)))


def rewrapped(envelope: Envelope, way: Pass) -> Envelope:
    """The same object when nothing has to change: it is not this team's, or it is done. Raises `SealingError`."""
    old: Mapping[KeyId, PrivateKey] = {key.public.key_id: key for key in way.old}
    held = [wrap.recipient for wrap in envelope.wraps if wrap.recipient in old]
    if not held:
        return envelope
    if all(wrap.recipient != way.new.key_id for wrap in envelope.wraps):
        envelope = sealing.add_wrap(envelope, old[held[0]], way.new)
    if way.destroys_old:
        for recipient in held:
            envelope = sealing.destroy_wrap(envelope, recipient)
    return envelope
