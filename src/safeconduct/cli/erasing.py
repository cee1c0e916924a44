# SPDX-License-Identifier: AGPL-3.0-or-later
"""After a restore: erases again what a newer state knew to be erased. Needs Django started."""

import asyncio
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

from safeconduct.cli import ceremony, notices
from safeconduct.cli.places import Places
from safeconduct.desk.cases import arrivals, keys
from safeconduct.desk.cases.models import Erased
from safeconduct.sealing.envelope import Purpose, seal, serialise
from safeconduct.sealing.keys import PrivateKey
from safeconduct.spool.contract import Waiting
from safeconduct.spool.sqlite import SqliteSpool
from safeconduct.vocabulary.applications import Kind, Urgency
from safeconduct.vocabulary.identifiers import ConversationId, DedupKey
from safeconduct.vocabulary.labels import Label
from safeconduct.vocabulary.records import ErasureWish, encode
from safeconduct.vocabulary.secrets import Sealed

_LABEL = Label(channel="web", language="und", kind=Kind.ERASURE, urgency=Urgency.SOON)


async def erase_again(here: Places, known: set[bytes]) -> int:
    """Erase every restored conversation whose digest is known to be erased, in the spool and at the desk. How many."""
    known = known | await asyncio.to_thread(_erased_at_the_desk)
    gone = [one for one in _conversations(here) if arrivals.digest_of(one) in known]
    spool = await SqliteSpool.open(here.spool, quota=notices.quota())
    try:
        for conversation in gone:
            notice = _notice(here, conversation)
            await spool.erase(conversation, key=DedupKey(os.urandom(32)), notice=notice)
            waiting = Waiting(seq=0, envelope=notice, arrived=datetime.now(UTC).timestamp())
            await asyncio.to_thread(arrivals.take_over, [waiting], keys.of_this_desk())
    finally:
        await spool.close()
    return len(gone)


def _erased_at_the_desk() -> set[bytes]:
    """A PostgreSQL desk may be newer than the files that were restored beside it."""
    return {bytes(digest) for digest in Erased.objects.values_list("digest", flat=True)}


def _conversations(here: Places) -> set[ConversationId]:
    found: set[ConversationId] = set()
    for path, table in ((here.spool, "conversations"), (here.erasure, "erasure")):
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            rows = connection.execute(f"SELECT conversation FROM {table}").fetchall()  # noqa: S608 - two names of ours
            found |= {ConversationId(bytes(row[0])) for row in rows}
    return found


def _notice(here: Places, conversation: ConversationId) -> Sealed:
    """The same signed notice that the edge writes. Nobody needs to open it, so it is sealed to a key that is dropped."""
    signer = ceremony.read_signing_key(here.credentials / "edge" / "signing.key")
    envelope = seal(
        encode(ErasureWish()),
        purpose=Purpose.TO_TEAM,
        conversation=conversation,
        label=_LABEL,
        day=datetime.now(UTC).date(),
        recipients=[PrivateKey.generate().public],
        signer=signer,
    )
    return serialise(envelope)
