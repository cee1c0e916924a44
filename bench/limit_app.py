# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the public door is held against: bare ASGI on the same server, with the same seals, derivation and commit.

`/store` does per request what a final post must at least do: two hybrid seals of the same bodies, one receipt derivation,
one durable commit through the same group-committing spool. `/bare` answers 200.
"""

import asyncio
import secrets
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from starlette.types import Receive, Scope, Send

from safeconduct.sealing import receipts
from safeconduct.sealing.envelope import Purpose, seal, serialise
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.receipts import Receipt
from safeconduct.sealing.signatures import SigningKey
from safeconduct.spool.contract import Commit, Lane, NewConversation, Quota
from safeconduct.spool.sqlite import SqliteSpool
from safeconduct.vocabulary.applications import ApplicationType, Kind, Stage, Urgency
from safeconduct.vocabulary.identifiers import ConversationId, DedupKey
from safeconduct.vocabulary.labels import Label
from safeconduct.vocabulary.records import ApplicationFacts, PersonText, encode

LABEL = Label("web", "uk", Kind.APPLICATION, Urgency.SOON)
TEXT = "Добрий день. Я хочу скласти зброю і жити. " * 12  # about 1 kB of Cyrillic


class Limit:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._team = PrivateKey.generate().public
        self._signer = SigningKey.generate()
        self._secret = secrets.token_bytes(32)
        self._spool: SqliteSpool | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        while (await receive()).get("more_body", False):
            pass
        if scope["path"] == "/store":
            await self._store()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._spool = await SqliteSpool.open(self._folder / "limit.db", quota=Quota(8 << 30))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._spool.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _store(self) -> None:
        conversation = ConversationId(secrets.token_bytes(16))
        derived = receipts.derive(Receipt.generate(), self._secret)
        half = secrets.token_bytes(32)
        mailbox = receipts.mailbox_key(derived, half).public.raw
        facts = ApplicationFacts(
            ApplicationType.INDIVIDUAL, "uk", Stage.TRAINING, 1, "web", None, duress_word_set=False, mailbox=mailbox
        )
        day = datetime.fromtimestamp(time.time(), UTC).date()
        envelopes = tuple(
            serialise(
                seal(
                    encode(record),
                    purpose=Purpose.TO_TEAM,
                    conversation=conversation,
                    label=LABEL,
                    day=day,
                    recipients=[self._team],
                    signer=self._signer,
                )
            )
            for record in (facts, PersonText(TEXT))
        )
        opens = NewConversation(derived.lookup, conversation, half, None, int(time.time()) + 86_400)
        if self._spool is not None:
            await self._spool.commit(
                Commit(DedupKey(secrets.token_bytes(32)), Lane.FIRST, conversation, envelopes, opens)
            )


def main() -> None:
    """`python -m bench.limit_app PORT FOLDER`."""
    uvicorn.run(
        Limit(Path(sys.argv[2])), host="127.0.0.1", port=int(sys.argv[1]), loop="uvloop", http="httptools",
        access_log=False, log_level="warning", server_header=False, date_header=False,
    )  # fmt: skip


if __name__ == "__main__":
    asyncio.set_event_loop(None)
    main()
