# SPDX-License-Identifier: AGPL-3.0-or-later
"""The handover cell of a test's line: its key on the board, and the desk's word on whom a conversation is sealed to."""

import secrets
from dataclasses import dataclass, field

from tests.edge.conftest import Line

from safeconduct.sealing import instruction as sealing
from safeconduct.sealing.envelope import Envelope, parse
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.signatures import SigningKey
from safeconduct.spool.contract import Commit, Kept, Lane
from safeconduct.vocabulary import board
from safeconduct.vocabulary.identifiers import ConversationId, DedupKey
from safeconduct.vocabulary.instruction import DAYS, KIND, Instruction, encode


@dataclass
class Cell:
    """Played by the test, beside `Line`."""

    line: Line
    key: PrivateKey = field(default_factory=PrivateKey.generate)

    async def publish(self, *, version: int = 1, key: PrivateKey | None = None) -> None:
        """Intake's key and the cell's on the board."""
        shown = {"intake": board.TeamKey(1, self.line.intake.public.raw)}
        shown["handover"] = board.TeamKey(version, (key or self.key).public.raw)
        await self.line.publish(board.TEAMS, board.encode(board.TeamKeys(shown)))
        self.line.clock.now += 6  # the doors look at the board every five seconds

    def word(self, conversation: bytes, serial: int = 1, **changed: object) -> Instruction:
        said = {
            "conversation": conversation,
            "serial": serial,
            "team": "handover",
            "version": 1,
            "key_id": self.key.public.key_id,
        }
        return Instruction(**(said | changed))  # type: ignore[arg-type]

    async def tell(
        self, conversation: bytes, serial: int = 1, *, signer: SigningKey | None = None, **changed: object
    ) -> None:
        """As the desk does."""
        word = self.word(conversation, serial, **changed)
        await self.lay(conversation, sealing.sign(encode(word), signer or self.line.desk))

    async def lay(self, conversation: bytes, signed: bytes) -> None:
        """Whatever it is, where the doors look for an instruction."""
        kept = Kept(KIND, conversation, signed, int(self.line.clock()) + DAYS * 86_400)
        key = DedupKey(secrets.token_bytes(32))
        await self.line.spool.commit(Commit(key, Lane.REPLY, ConversationId(conversation), (), keeps=(kept,)))

    async def arrived(self) -> list[Envelope]:
        return [parse(waiting.envelope) for waiting in await self.line.spool.waiting(1000)]

    async def last_is_for(self) -> str:
        """Whose key alone opens what came last."""
        names = {self.key.public.key_id: "cell", self.line.intake.public.key_id: "intake"}
        (wrap,) = (await self.arrived())[-1].wraps
        return names.get(wrap.recipient, "a stranger")
