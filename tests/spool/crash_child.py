# SPDX-License-Identifier: AGPL-3.0-or-later
"""The processes that test_crash.py kills: a door that takes applications and does errands, and a desk that collects.

Everything is imported once; then each line on standard input starts a pair of processes (by fork, before any thread
exists) that share the spool until they are killed. Lines on standard output, each whole (shorter than PIPE_BUF):

    pids DOOR DESK             they run
    took WRITER ROUND NUMBER   the spool acknowledged this act
    erasing|erased W R         asked for; acknowledged
    holds ENVELOPE             the desk holds it durably (the pipe outlives a killed process, as a database would)
    settled ENVELOPE           the spool acknowledged that it is destroyed
    began ERRAND               acknowledged; then finishing (asked for) and finished (acknowledged)
    over                       both have ended
"""

import asyncio
import contextlib
import hashlib
import os
import random
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from safeconduct.spool.contract import Commit, Due, Errand, Kept, Lane, NewConversation, Quota
from safeconduct.spool.errors import ConversationUnknown
from safeconduct.spool.sqlite import SqliteSpool
from safeconduct.vocabulary.identifiers import ConversationId, DedupKey, LookupId
from safeconduct.vocabulary.secrets import Sealed

WRITERS = 64
PARTS = (b"facts", b"text")
FOREVER = 2**33
CHANNEL = "chat"


def named(what: str, size: int = 16) -> bytes:
    """The same bytes for the same name, so that the parent knows them too."""
    return hashlib.sha256(what.encode()).digest()[:size]


def conversation_of(story: str) -> ConversationId:
    return ConversationId(named(f"conversation {story}"))


def lookup_of(story: str) -> LookupId:
    return LookupId(named(f"lookup {story}"))


def act_of(story: str, number: int) -> Commit:
    """Act `number` of a conversation: two envelopes, the next position, a reply, an errand; the first one opens it."""
    conversation = conversation_of(story)
    opens = NewConversation(lookup_of(story), conversation, named(f"half {story}", 32), None, FOREVER)
    return Commit(
        DedupKey(named(f"key {story} {number}", 32)),
        Lane.FIRST if number == 0 else Lane.KNOWN,
        conversation,
        tuple(Sealed(b"%s %d %s" % (story.encode(), number, part) + b"." * 700) for part in PARTS),
        opens if number == 0 else None,
        (Kept("position", named(f"chat {story}"), b"%d" % number, FOREVER),),
        (Sealed(b"%s %d reply" % (story.encode(), number)),),
        (Errand(CHANNEL, "send", b"%s %d" % (story.encode(), number), 0),),
    )


def finish_of(due: Due) -> Commit:
    """The act that ends an errand and brings nothing new."""
    key = DedupKey(hashlib.sha256(b"finish " + due.body).digest())
    return Commit(key, Lane.KNOWN, due.conversation, (), finishes=(due.number,))


def say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


async def write(spool: SqliteSpool, writer: str, dice: random.Random) -> None:
    """One conversation after the other, each of a few acts; half of them end in an erasure."""
    for story in range(1_000_000):
        name = f"{writer}.{story}"
        for number in range(dice.randint(1, 6)):
            await spool.commit(act_of(name, number))
            say(f"took {name} {number}")
        if dice.random() < 0.5:
            say(f"erasing {name}")
            notice = Sealed(f"{name} erased".encode())
            await spool.erase(conversation_of(name), key=DedupKey(named(f"erase {name}", 32)), notice=notice)
            say(f"erased {name}")


async def take(path: Path, seed: str) -> None:
    spool = await open_spool(path)
    dice = random.Random(seed)
    await asyncio.gather(work(spool), *(write(spool, f"{seed}.{writer}", dice) for writer in range(WRITERS)))


async def work(spool: SqliteSpool) -> None:
    """The channel's worker: several errands at once."""
    while True:
        await asyncio.gather(*(do(spool, due) for due in await spool.errands(CHANNEL, FOREVER, 30)))


async def do(spool: SqliteSpool, due: Due) -> None:
    if not await spool.begin(due.number):  # erased meanwhile
        return
    say(f"began {due.body.decode()}")
    await asyncio.sleep(random.uniform(0, 0.02))  # the message is sent
    say(f"finishing {due.body.decode()}")
    with contextlib.suppress(ConversationUnknown):
        await spool.commit(finish_of(due))
        say(f"finished {due.body.decode()}")


async def collect(path: Path, seed: str) -> None:
    spool, dice = await open_spool(path), random.Random(seed)
    while True:
        waiting = await spool.waiting(dice.randint(1, 60))
        names = [each.envelope.rstrip(b".").decode() for each in waiting]
        for name in names:
            say(f"holds {name}")
        await spool.settle([each.seq for each in waiting])
        for name in names:
            say(f"settled {name}")
        await answer(spool, names)


async def answer(spool: SqliteSpool, names: list[str]) -> None:
    """The desk answers whom it has just read, unless they have erased everything meanwhile."""
    for story in {name.split()[0] for name in names[:2]}:
        try:
            await spool.deliver(conversation_of(story), [Sealed(b"from the desk")], key=DedupKey(os.urandom(32)))
        except ConversationUnknown:
            continue


async def open_spool(path: Path) -> SqliteSpool:
    return await SqliteSpool.open(path, quota=Quota(1 << 30))


def start(job: Callable[[Path, str], Coroutine[Any, Any, None]], path: Path, seed: str) -> int:
    child = os.fork()
    if child == 0:
        asyncio.run(job(path, seed))
        os._exit(1)  # it works until it is killed
    return child


def main() -> None:
    path = Path(sys.argv[1])
    for line in sys.stdin:
        children = [start(job, path, line.strip()) for job in (take, collect)]
        say("pids {} {}".format(*children))
        for child in children:
            os.waitpid(child, 0)
        say("over")


if __name__ == "__main__":
    main()
