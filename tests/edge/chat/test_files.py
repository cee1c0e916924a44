# SPDX-License-Identifier: AGPL-3.0-or-later
"""R8: files lie sealed and unopened; what no message names is not there, and what was erased is not either."""

import asyncio
import io
import os
from pathlib import Path

import pytest
from tests.edge.chat.conftest import Chat, chat_line
from tests.edge.chat.paper import FORGETS_NOTHING, READS
from tests.edge.chat.test_erasing import erase_elsewhere
from tests.edge.conftest import Line as Door

from safeconduct.edge.channels.errors import NotStored, SendLater, SendRefused
from safeconduct.edge.chat import files as module
from safeconduct.edge.chat.files import FILE_MAX, PURPOSE, FileStore
from safeconduct.sealing.streams import open_stream
from safeconduct.spool.contract import Commit, Outcome
from safeconduct.spool.errors import SpoolFull
from safeconduct.vocabulary.records import FileSent, PersonText

pytestmark = pytest.mark.rule("R8")
PICTURE = os.urandom(3_000_000)
PIECES = tuple(PICTURE[start : start + 65_536] for start in range(0, len(PICTURE), 65_536))


def lying(chat: Chat) -> list[Path]:
    return sorted((chat.door.folder / "files").iterdir())


def grow_old(chat: Chat) -> None:
    for path in lying(chat):
        os.utime(path, (0, 0))


async def test_a_file_lies_sealed_and_only_the_key_in_the_record_opens_it(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    await chat.send_file(*PIECES)
    (sent,) = await chat.records(FileSent)
    (path,) = lying(chat)
    assert (path.name, sent.size) == (sent.storage.hex(), len(PICTURE))
    assert PICTURE[:64] not in path.read_bytes()
    opened = io.BytesIO()
    with path.open("rb") as source:
        open_stream(sent.key, source, opened, purpose=PURPOSE)
    assert opened.getvalue() == PICTURE
    assert chat.says("file_stored") in chat.phone()[-1]


async def test_a_file_of_20_megabytes_is_taken_and_one_byte_more_is_not(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    piece = bytes(1 << 20)
    await chat.send_file(*[piece] * (FILE_MAX >> 20))
    assert len(lying(chat)) == 1
    await chat.send_file(*[piece] * (FILE_MAX >> 20), b"x")
    assert len(lying(chat)) == 1
    assert chat.says("file_too_large", max=20) in chat.phone()[-1]


@pytest.mark.parametrize("error", [SendLater("the provider is away"), OSError("disk")])
async def test_a_file_that_does_not_come_whole_leaves_nothing_and_is_not_acknowledged(
    chat: Chat, error: Exception
) -> None:
    await chat.tell("/start", language="en")
    with pytest.raises(NotStored):
        await chat.send_file(PIECES[0], error, number="photo")
    assert lying(chat) == []
    await chat.send_file(*PIECES, number="photo")
    assert len(await chat.records(FileSent)) == len(lying(chat)) == 1


async def test_a_file_that_the_provider_will_not_give_is_answered_and_its_words_are_kept(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    chat.paper.files["gone"] = (SendRefused("expired"),)
    await chat.send_file(SendRefused("expired"))
    assert chat.says("file_not_taken") in chat.phone()[-1]
    assert lying(chat) == []


@pytest.mark.rule("T14")
async def test_a_file_that_the_provider_never_gives_keeps_nobody_elses_words_out(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    await chat.tell("/start", language="en")
    with pytest.raises(NotStored):
        await chat.send_file(SendLater("away"), number="photo")
    monkeypatch.setattr("safeconduct.edge.chat.files.PATIENCE_SECONDS", 0)
    await chat.send_file(SendLater("away"), number="photo")
    assert chat.says("file_not_taken") in chat.phone()[-1]
    assert lying(chat) == []


async def test_the_file_of_a_message_that_comes_again_is_there_once(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    await chat.send_file(*PIECES, number="photo")
    await chat.send_file(*PIECES, number="photo")
    assert len(await chat.records(FileSent)) == len(lying(chat)) == 1


async def test_the_file_stays_when_a_worker_is_stopped_while_its_message_is_being_stored(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    await chat.tell("/start", language="en")
    store = chat.line.spool.commit

    async def stored_unheard(commit: Commit) -> Outcome:
        await store(commit)
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(chat.line.spool, "commit", stored_unheard)
        with pytest.raises(asyncio.CancelledError):
            await chat.send_file(*PIECES, number="photo")
    await chat.send_file(*PIECES, number="photo")  # the provider has heard nothing, and sends it again
    (sent,) = await chat.records(FileSent)
    assert [path.name for path in lying(chat)] == [sent.storage.hex()]


async def test_a_file_whose_message_finds_no_room_leaves_nothing(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    await chat.tell("/start", language="en")

    async def full(commit: Commit) -> Outcome:
        raise SpoolFull(commit.lane)

    monkeypatch.setattr(chat.line.spool, "commit", full)
    with pytest.raises(NotStored):
        await chat.send_file(*PIECES)
    assert lying(chat) == []


@pytest.mark.rule("R48")
async def test_an_erasure_in_the_chat_takes_the_files_with_it_at_once(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    await chat.send_file(*PIECES)
    await chat.tell("erase", "1")
    assert lying(chat) == []


@pytest.mark.rule("R48")
async def test_files_of_what_was_erased_elsewhere_are_swept_and_others_stay(chat: Chat) -> None:
    assert chat.line.files
    await chat.tell("/start", language="en")
    await chat.send_file(*PIECES)
    await chat.send_file(b"stays", who="555009")
    grow_old(chat)
    await erase_elsewhere(chat, await chat.state())
    await chat.line.files.sweep(chat.line.spool)
    assert [path.name for path in lying(chat)] == [(await chat.records(FileSent))[-1].storage.hex()]


async def test_what_a_worker_left_half_written_is_swept_by_its_own_channel_alone(chat: Chat) -> None:
    folder = chat.door.folder / "files"
    ours, theirs = folder / f"{'00' * 16}.telegram.part", folder / f"{'00' * 16}.whatsapp.part"
    ours.write_bytes(b"x")
    theirs.write_bytes(b"x")
    FileStore(folder, "telegram").sweep_unfinished()
    assert lying(chat) == [theirs]


async def test_a_file_whose_message_is_still_on_its_way_into_the_spool_is_not_swept(chat: Chat) -> None:
    assert chat.line.files
    (chat.door.folder / "files" / ("00" * 16)).write_bytes(b"x")
    await chat.line.files.sweep(chat.line.spool)
    assert len(lying(chat)) == 1
    grow_old(chat)
    await chat.line.files.sweep(chat.line.spool)
    assert lying(chat) == []


@pytest.mark.rule("T14")
async def test_one_person_fills_no_disk_with_files_and_their_words_are_taken_all_the_same(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FILES_MOST", 2)
    await chat.tell("/start", language="en")
    for _ in range(3):
        await chat.send_file(b"jpeg")
    assert len(lying(chat)) == len((await chat.state()).files) == 2
    assert chat.says("files_not_possible") in chat.phone()[-1]
    await chat.tell("here are my words")
    assert await chat.records(PersonText) == [PersonText("here are my words")]


@pytest.mark.rule("T14")
async def test_what_the_disk_needs_for_words_is_not_given_to_files(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEFT_FREE", 1 << 60)
    await chat.tell("/start", language="en")
    await chat.send_file(b"jpeg")
    assert lying(chat) == []
    assert chat.says("files_not_possible") in chat.phone()[-1]


@pytest.mark.rule("R3")
async def test_a_sticker_or_a_place_is_not_kept_and_the_person_is_told(line: Door) -> None:
    chat = chat_line(line, FORGETS_NOTHING)
    await chat.tell("/start", language="en")
    stored = len(await chat.arrived())
    await chat.take(chat.message(None, is_other=True))
    await chat.settle()
    assert chat.says("file_not_taken") in chat.phone()[-1]
    assert len(await chat.arrived()) == stored


async def test_a_channel_that_carries_no_files_says_so_and_keeps_the_words_beside_them(line: Door) -> None:
    chat = chat_line(line, FORGETS_NOTHING)
    await chat.tell("/start", language="en")
    with_words = chat_line(line, READS).message(None, number="p", caption="see this", file=None, is_other=True)
    await chat.take(with_words)
    assert await chat.records(PersonText) == [PersonText("see this")]
