# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was erased or settled lies in no file of the folder any more, and nothing there opens it."""

import asyncio
import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tests.spool.inventions import (
    DAY,
    NOON,
    NOTICE,
    MakeSpool,
    errand,
    following,
    key,
    opening,
    position,
    sealed,
    settle_all,
)

from safeconduct.spool.contract import Commit, Kept, Spool
from safeconduct.spool.sqlite import SqliteSpool
from safeconduct.vocabulary.identifiers import ConversationId


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def secret_of(folder: Path, conversation: ConversationId) -> bytes:
    """The bytes that open what is kept for a conversation: its key and its half."""
    query = "SELECT secret FROM conversation_secrets JOIN conversations USING (number) WHERE conversation = ?"
    with closing(sqlite3.connect(folder / "spool.db")) as database:
        (secret,) = database.execute(query, (conversation,)).fetchone()
    return bytes(secret)


async def until(gone: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not gone():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


def written() -> Commit:
    kept, asked = position(b"chat", sealed()), errand(sealed())
    return opening(sealed(2_700), duress=sealed(), keeps=(kept,), replies=(sealed(2_000),), errands=(asked,))


@pytest.mark.rule("R48", "T3")
async def test_an_erased_conversation_is_in_no_file_when_the_erasure_returns(spool: Spool, folder: Path) -> None:
    erased, other = written(), written()
    await asyncio.gather(spool.commit(erased), spool.commit(other))
    secret, kept = secret_of(folder, erased.conversation), secret_of(folder, other.conversation)
    assert secret in everything(folder)
    await spool.erase(erased.conversation, key=key(), notice=NOTICE)
    left: bytes = everything(folder)
    assert kept in left  # the search would have found it
    assert erased.opens is not None
    values: list[bytes] = [*erased.envelopes, *erased.replies, erased.keeps[0].value, erased.opens.half]
    values.append(erased.errands[0].body)
    assert [gone for gone in (secret, secret[:32], *values) if gone in left] == []


@pytest.mark.rule("R48", "T3")
async def test_no_secret_of_many_erased_conversations_stays_behind_in_the_pages(spool: Spool, folder: Path) -> None:
    dice, live, gone = random.Random(7), [], []
    for _ in range(4):
        acts = [written() for _ in range(300)]
        await asyncio.gather(*map(spool.commit, acts))
        live += [(act, secret_of(folder, act.conversation)) for act in acts]
        dice.shuffle(live)
        erased, live = live[:150], live[150:]
        gone += [secret for _, secret in erased]
        await asyncio.gather(*(spool.erase(act.conversation, key=key(), notice=NOTICE) for act, _ in erased))
    left = everything(folder)
    assert all(secret in left for _, secret in live)
    assert [secret for secret in gone if secret[:32] in left or secret[32:] in left] == []


@pytest.mark.rule("T3")
async def test_what_belongs_to_a_conversation_never_lies_in_a_file_as_it_is(spool: Spool, folder: Path) -> None:
    act = written()
    await spool.commit(act)
    chosen, carried = sealed(), errand(sealed())
    await spool.deliver(act.conversation, [answer := sealed()], key=key(), errands=[carried])
    await spool.commit(following(act, duress=chosen))
    left = everything(folder)
    assert act.opens is not None
    values: list[bytes] = [*act.envelopes, *act.replies, answer, act.keeps[0].value, act.opens.duress or b""]
    values += [chosen, carried.body, act.errands[0].body]
    assert [value for value in values if value in left] == []


@pytest.mark.rule("T3")
async def test_settled_bytes_leave_the_file_and_the_journal_soon(spool: Spool, folder: Path) -> None:
    await spool.commit(opening(sealed(2_700)))
    with closing(sqlite3.connect(folder / "spool.db")) as database:
        (stored,) = database.execute("SELECT envelope FROM waiting").fetchone()
    assert stored in everything(folder)
    await settle_all(spool)
    await until(lambda: stored not in everything(folder), seconds=30)


@pytest.mark.rule("T3")
async def test_forgotten_bytes_leave_the_file_and_the_journal_soon(spool: Spool, folder: Path) -> None:
    ticket = bytes(sealed())
    await spool.keep(Kept("ticket", b"k", ticket, int(NOON) + DAY))
    await asyncio.sleep(1.5)  # keeping is followed by a truncation too
    assert ticket in everything(folder)
    await spool.forget("ticket", b"k")
    await until(lambda: ticket not in everything(folder), seconds=30)


@pytest.mark.rule("T3")
async def test_a_replaced_position_leaves_the_file_without_any_further_act(
    spool: Spool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("safeconduct.spool.intake.TRACES_SECONDS", 0.2)
    first = opening(keeps=(position(b"chat", b"one"),))
    await spool.commit(first)
    with closing(sqlite3.connect(folder / "spool.db")) as database:
        (stored,) = database.execute("SELECT value FROM kept").fetchone()
    await spool.commit(following(first, keeps=(position(b"chat", b"two"),)))
    await until(lambda: stored not in everything(folder))


@pytest.mark.rule("T3")
async def test_a_finished_errand_and_a_replaced_mark_leave_the_file_without_any_further_act(
    spool: Spool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("safeconduct.spool.intake.TRACES_SECONDS", 0.2)
    first = opening(duress=sealed(), errands=(errand(),))
    await spool.commit(first)
    with closing(sqlite3.connect(folder / "spool.db")) as database:
        (body, mark) = database.execute("SELECT body, duress FROM errands, conversations").fetchone()
    assert body in everything(folder)
    assert mark in everything(folder)
    (due,) = await spool.errands("telegram", NOON, 1)
    await spool.commit(following(first, duress=sealed(), finishes=(due.number,)))
    await until(lambda: body not in everything(folder) and mark not in everything(folder))


@pytest.mark.rule("R48")
async def test_a_reader_in_an_old_snapshot_delays_the_shredding_but_does_not_stop_it(
    spool: Spool, folder: Path
) -> None:
    first = written()
    await spool.commit(first)
    secret = secret_of(folder, first.conversation)
    with closing(sqlite3.connect(folder / "spool.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM waiting").fetchone()
        await asyncio.wait_for(spool.erase(first.conversation, key=key(), notice=NOTICE), 20)
        await spool.commit(opening())  # and nobody else waits for the reader
        assert secret in everything(folder)
    await until(lambda: secret not in everything(folder), seconds=30)


@pytest.mark.rule("R48")
async def test_traces_that_a_killed_process_left_are_shredded_at_the_next_opening(
    make_spool: MakeSpool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = await make_spool()
    first = written()
    await spool.commit(first)
    secret = secret_of(folder, first.conversation)
    assert isinstance(spool, SqliteSpool)
    monkeypatch.setattr(spool._writer._store, "_checkpoint", lambda *_: False)  # as if it were killed before
    await spool.erase(first.conversation, key=key(), notice=NOTICE)
    assert secret in everything(folder)
    await make_spool()
    await until(lambda: secret not in everything(folder))
