# SPDX-License-Identifier: AGPL-3.0-or-later
"""The contract between the doors. Every implementation passes tests/spool/test_contract_*.py.

Times: `arrived` is precise and lives only while its envelope waits, `due` only while its errand does. Nothing else precise
is stored of a person: see `end_of`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from safeconduct.vocabulary.identifiers import ConversationId, DedupKey, LookupId
from safeconduct.vocabulary.secrets import Sealed

DEDUP_DAYS = 8
HALF_BYTES = 32

# SAFECONDUCT_SPOOL_BYTES: every process that opens one spool reads the same number within the same bounds.
SPOOL_BYTES_DEFAULT = 4 << 30
SPOOL_BYTES_LEAST = 16 << 20
SPOOL_BYTES_MOST = 1 << 50

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Lane(Enum):
    """Separate room, so that a flood of one kind cannot silence the others (T14)."""

    FIRST = "first"
    KNOWN = "known"
    REPLY = "reply"


class Outcome(Enum):
    """What a durable act did."""

    STORED = "stored"
    REPEATED = "repeated"  # this key was committed within the last 8 days; nothing was written


def _default_shares() -> dict[Lane, float]:
    return {Lane.FIRST: 0.35, Lane.KNOWN: 0.25, Lane.REPLY: 0.15}


@dataclass(frozen=True, slots=True)
class Quota:
    """How much the spool may hold.

    `total_bytes` is the most that the store itself may grow to. A lane may hold its share of it, counted in bytes
    stored plus a fixed cost a row. What the shares leave over is for the board, for erasures and for half-filled pages.

    `headroom_bytes` is what must stay free on the disk, whoever fills it: a store that took the last byte could not
    even write down that the desk has collected something.
    """

    total_bytes: int
    shares: dict[Lane, float] = field(default_factory=_default_shares)
    headroom_bytes: int = 64 << 20

    def __post_init__(self) -> None:
        if set(self.shares) != set(Lane):
            raise ValueError("a quota names every lane")
        if min(self.shares.values()) <= 0 or sum(self.shares.values()) > 1:
            raise ValueError("the shares of the lanes are above 0 and together at most 1")

    def room(self, lane: Lane) -> int:
        return int(self.total_bytes * self.shares[lane])


@dataclass(frozen=True, slots=True)
class Kept:
    """A small value with an end (unix seconds, see `end_of`). The same kind and key replace each other."""

    kind: str
    key: bytes
    value: bytes
    expires: int


@dataclass(frozen=True, slots=True)
class NewConversation:
    """What a receipt finds. `half` has 32 random bytes; `expires` (unix seconds) is rounded up to the end of its day.

    Each later commit, and each reply delivered, lets it live for the same number of days again.
    """

    lookup: LookupId
    conversation: ConversationId
    half: bytes
    duress: bytes | None
    expires: int

    def __post_init__(self) -> None:
        if len(self.half) != HALF_BYTES:
            raise ValueError(f"a half has {HALF_BYTES} bytes")


@dataclass(frozen=True, slots=True)
class Fence:
    """A lease as its holder knows it. A commit that carries one is refused (`FencedOff`) once another holds the lease."""

    name: str  # e.g. "channel/telegram"
    number: int  # grows with each new holder


@dataclass(frozen=True, slots=True)
class Errand:
    """What a channel's worker has to do for a conversation: send a message, delete messages there."""

    channel: str
    queue: str  # "send" or "wipe": order is kept within one conversation's queue
    body: bytes  # closed by the caller against a copied disk; the spool closes it again under the conversation's key
    due: int  # unix seconds; not done before
    priority: int = 0  # lower first: the bot's answer 0, an operator's 1, bulk 2
    replaceable: bool = False  # gives way to a newer commit with `supersedes` while it has not begun


@dataclass(frozen=True, slots=True)
class Due:
    """An errand as its worker sees it. `number` grows, is never used again, and orders a conversation's queue."""

    number: int
    conversation: ConversationId
    queue: str
    body: bytes
    due: int
    attempts: int
    begun: bool  # under way when it was read: by a worker that died, or by this one


@dataclass(frozen=True, slots=True)
class Commit:
    """One atomic, durable act of one conversation: all of it is stored, or none.

    The conversation is opened by the act itself or exists already. What it keeps, and its errands, belong to the
    conversation and are destroyed with it.

    `finishes` names errands that this act ends; their rows are destroyed. What is no errand of this conversation is
    ignored. An act that only finishes is not refused for a quota. `supersedes` destroys the replaceable errands of the
    conversation that have not begun, before the act's own are added. `hastens` names a queue of the conversation: what waits
    there for a later moment is due now. `duress` replaces the mark of a conversation that
    is open already.
    """

    key: DedupKey
    lane: Lane
    conversation: ConversationId
    envelopes: tuple[Sealed, ...]
    opens: NewConversation | None = None
    keeps: tuple[Kept, ...] = ()
    replies: tuple[Sealed, ...] = ()
    errands: tuple[Errand, ...] = ()
    finishes: tuple[int, ...] = ()
    supersedes: bool = False
    hastens: str | None = None
    duress: bytes | None = None
    fence: Fence | None = None

    def __post_init__(self) -> None:
        if self.opens is not None and self.opens.conversation != self.conversation:
            raise ValueError("an act opens no other conversation than its own")
        if self.opens is not None and self.duress is not None:
            raise ValueError("an act that opens a conversation carries the mark in `opens`")


@dataclass(frozen=True, slots=True)
class Waiting:
    """An envelope on its way to the desk. `seq` grows, is never used again, and orders a conversation."""

    seq: int
    envelope: Sealed
    arrived: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a look-up id leads to."""

    conversation: ConversationId
    half: bytes
    duress: bytes | None


@dataclass(frozen=True, slots=True)
class Posted:
    """One entry of the board, as bytes. Whoever reads it checks the signatures."""

    version: int
    document: bytes
    content: bytes


class Pipe(Protocol):
    """Sealed envelopes inward."""

    async def commit(self, commit: Commit) -> Outcome:
        """Store one act. When this returns it survives a power cut.

        Raises SpoolFull, SpoolUnavailable, ConversationUnknown (not opened here, or erased or expired meanwhile),
        ConversationTaken or FencedOff; then nothing of it was acknowledged, and it may be tried again under the same
        key.
        """

    async def waiting(self, limit: int) -> list[Waiting]:
        """Up to `limit` envelopes that wait for the desk, oldest first."""

    async def settle(self, seqs: Sequence[int]) -> None:
        """The desk holds these durably: destroy them here. Unknown numbers are settled already."""

    async def accepts(self, lane: Lane) -> bool:
        """Whether a commit would be stored now: true only after a durable write at most a second ago, and room."""

    async def fullness(self, lane: Lane) -> float:
        """How much of the lane's room is taken, from 0 to 1, as of at most a second ago; 1 when nothing can be stored."""


class Mailbox(Protocol):
    """Sealed replies of one conversation."""

    async def find(self, lookup: LookupId) -> Found | None:
        """None for what was never issued, is erased or has expired."""

    async def replies(self, conversation: ConversationId) -> list[Sealed]:
        """In the order of delivery; empty for an unknown conversation."""

    async def deliver(
        self, conversation: ConversationId, replies: Sequence[Sealed], *, key: DedupKey, errands: Sequence[Errand] = ()
    ) -> Outcome:
        """Desk to person: the replies, and the errands that carry them into a chat, in one act.

        Raises ConversationUnknown when erased or expired, SpoolFull, SpoolUnavailable.
        """

    async def erase(self, conversation: ConversationId, *, key: DedupKey, notice: Sealed) -> Outcome:
        """Destroy everything of the conversation and queue `notice` for the desk, in one act (R48).

        Destroyed are the half, the replies, what was kept for it, its errands, and its envelopes that wait. No quota
        refuses it.
        REPEATED when the conversation is unknown: there is nothing left, and no second notice is queued.
        """


class Expiring(Protocol):
    """Small state with an end: positions, routes, tickets."""

    async def keep(self, kept: Kept, *, lane: Lane = Lane.FIRST) -> None:
        """Store or replace. It belongs to no conversation; what does, goes with a `Commit`."""

    async def kept(self, kind: str, key: bytes) -> bytes | None:
        """The value until its end, swept or not; afterwards None."""

    async def kept_keys(self, kind: str) -> frozenset[bytes]:
        """The keys of every value of that kind that has not ended. For kinds of which there are few."""

    async def forget(self, kind: str, key: bytes) -> None:
        """Destroy one value."""

    async def sweep(self, now: float) -> int:
        """Destroy what has ended: values, conversations with their mailboxes, keys older than 8 days. How many."""


class Board(Protocol):
    """The only way from desk to edge besides replies. Signatures are made and checked elsewhere."""

    async def publish(self, name: str, version: int, document: bytes, content: bytes) -> None:
        """Show an entry. The same version may be replaced (a signature was added); an older one: OlderVersion."""

    async def published(self, name: str) -> Posted | None:
        """The entry as it was last published."""


class Errands(Protocol):
    """What the channels' workers have to do. An errand is added, and ended, by a `Commit` of its conversation.

    Errands of a conversation that is erased or has expired are shown no more.
    """

    async def errands(self, channel: str, now: float, limit: int) -> list[Due]:
        """What may be done now, ordered by priority, then number: due, not begun, and the first of its queue.

        A later errand of the same conversation and queue waits for an earlier one, even while that is put off or begun.
        """

    async def errands_of(self, conversation: ConversationId, queue: str) -> list[Due]:
        """All of one conversation's queue, due or not, in their order."""

    async def begun(self, channel: str) -> list[Due]:
        """Begun and never finished, oldest first: after a crash their outcome is unknown."""

    async def begin(self, number: int, *, fence: Fence | None = None) -> bool:
        """Durable before anything is sent. False when the errand is gone or begun. Raises FencedOff."""

    async def put_off(self, number: int, until: int, *, fence: Fence | None = None) -> None:
        """Nothing was sent: it is due at `until`, not begun any more, and counts an attempt. Raises FencedOff."""

    async def next_due(self, channel: str) -> int | None:
        """The earliest `due` among what could be next, past ones too; None when nothing could be."""


class Leases(Protocol):
    """Who does the work of a name. A holder that was too slow finds out by its fence, in the act that it would spoil."""

    async def lease(self, name: str, holder: bytes, seconds: float) -> Fence | None:
        """Take it for `seconds`, or renew one's own under the same number; None while another holds it.

        One that has run out by the spool's clock is another's to take, and each new holder gets a higher number. A
        clock that is set back makes no lease longer than the `seconds` it was taken for.
        """

    async def release(self, fence: Fence) -> None:
        """Give it back; afterwards the fence is refused. Harmless when another holds the lease already."""


class Spool(Pipe, Mailbox, Expiring, Board, Errands, Leases, Protocol):
    """All of it: one object for each process."""

    async def close(self) -> None:
        """Store what was asked for, then stop. Whatever is asked later raises SpoolUnavailable."""


def end_of(expires: int, now: float) -> int:
    """When a kept value ends: `expires`, rounded up so that it tells no precise time of the person's act (T3).

    To the minute when at most an hour is left, to the hour when at most a week is, else to the day. A promise that
    must end to the second carries its end inside the value.
    """
    left = expires - now
    grain = MINUTE if left <= HOUR else HOUR if left <= 7 * DAY else DAY
    return math.ceil(expires / grain) * grain


def day_of(moment: float) -> int:
    """Days since 1970-01-01."""
    return int(moment // DAY)
