# SPDX-License-Identifier: AGPL-3.0-or-later
"""The socket between desk and softphone: what it takes, what it refuses, and who may open it."""

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.desk.telephone.parts import SomeBrowser

from safeconduct.desk.telephone import asking, door, messages
from safeconduct.desk.telephone.errors import Down, NotStarted, Refusal
from safeconduct.desk.telephone.messages import Answer, HangUp, Hold, Look, Picture, Press, Refused
from safeconduct.desk.telephone.settings import socket_in
from safeconduct.desk.telephone.switchboard import Switchboard

CALL = "0123456789abcdef"


@pytest.fixture
async def path(tmp_path: Path) -> AsyncIterator[Path]:
    path = socket_in(tmp_path)
    server = await door.serve(path, Switchboard(SomeBrowser))
    yield path
    server.close()
    await server.wait_closed()


async def told(path: Path, raw: bytes) -> messages.Reply:
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(raw)
    writer.write_eof()
    answered = await reader.read()
    writer.close()
    await writer.wait_closed()
    return messages.reply(answered)


@pytest.mark.rule("T3")
async def test_only_its_owner_can_open_the_socket(path: Path) -> None:
    assert [stat.S_IMODE(os.stat(one).st_mode) for one in (path, path.parent)] == [0o600, 0o700]  # noqa: PTH116


@pytest.mark.parametrize(
    "raw",
    [
        b"\n",
        b"hello\n",
        b"{}\n",
        b"[]\n",
        b"\xff\xfe\n",
        b'{"what":"look"}\n',
        b'{"what":"look","phone":""}\n',
        b'{"what":"look","phone":"olena","wait":1e9}\n',
        b'{"what":"look","phone":"olena","more":1}\n',
        b'{"what":"press","phone":"olena","call":"0123456789abcdef","keys":"1a"}\n',
        b'{"what":"press","phone":"olena","call":"0123456789abcdef","keys":""}\n',
        b'{"what":"press","phone":"olena","call":"0123456789abcdef","keys":"1\\n"}\n',
        b'{"what":"press","phone":"olena","call":"0123456789abcdef","keys":"*212345678901"}\n',
        b'{"what":"press","phone":"olena","call":"../../etc","keys":"1"}\n',
        b'{"what":"answer","phone":"olena","call":"0123456789abcdef","offer":"' + b"x" * 40_000 + b'"}\n',
        b'{"what":"dance","phone":"olena"}\n',
        b"x" * 100_000,
        b'{"what":"look","phone":"olena"}',
    ],
)
async def test_what_is_no_message_is_refused_as_unreadable(path: Path, raw: bytes) -> None:
    assert await told(path, raw) == Refused("unreadable")


async def test_after_garbage_the_next_is_answered(path: Path) -> None:
    await told(path, b"garbage\n")
    seen = await asyncio.to_thread(asking.ask, path, Look("olena"))
    assert isinstance(seen, Picture)
    assert seen.state == "idle"


@pytest.mark.parametrize("act", [Answer("olena", CALL, "v=0"), Hold("olena", CALL, on=True), Press("olena", CALL, "1")])
async def test_a_call_that_does_not_exist_is_refused_with_its_reason(path: Path, act: messages.Request) -> None:
    await asyncio.to_thread(asking.ask, path, Look("olena"))
    with pytest.raises(Refusal, match="unknown call"):
        await asyncio.to_thread(asking.ask, path, act)


async def test_hanging_up_what_is_over_is_fine(path: Path) -> None:
    seen = await asyncio.to_thread(asking.ask, path, HangUp("olena", CALL))
    assert isinstance(seen, Picture)


async def test_what_a_killed_process_left_behind_is_no_obstacle(path: Path, tmp_path: Path) -> None:
    left = socket_in(tmp_path / "other")
    left.parent.mkdir(parents=True)
    left.touch()
    server = await door.serve(left, Switchboard(SomeBrowser))
    assert isinstance(await asyncio.to_thread(asking.ask, left, Look("olena")), Picture)
    server.close()
    await server.wait_closed()


async def test_a_path_that_no_socket_can_have_is_told_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(NotStarted, match="SAFECONDUCT_HOME"):
        await door.serve(socket_in(tmp_path / ("x" * 100)), Switchboard(SomeBrowser))


def test_without_the_process_the_desk_is_told_that_it_is_down(tmp_path: Path) -> None:
    with pytest.raises(Down):
        asking.ask(socket_in(tmp_path), Look("olena"))


@pytest.mark.parametrize("answered", [b"", b"nonsense\n", b'{"what":"accepted","answer":1}\n'])
async def test_a_process_that_answers_nonsense_counts_as_down(tmp_path: Path, answered: bytes) -> None:
    async def nonsense(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answered)
        writer.close()

    server = await asyncio.start_unix_server(nonsense, tmp_path / "s")
    with pytest.raises(Down):
        await asyncio.to_thread(asking.ask, tmp_path / "s", Look("olena"))
    server.close()
