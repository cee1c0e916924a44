# SPDX-License-Identifier: AGPL-3.0-or-later
"""T3: who takes the state folder and not the credentials finds nobody in it: no word, no number, no message's name."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.edge.chat.conftest import ANNA, Chat, chat_line
from tests.edge.chat.paper import READS
from tests.edge.conftest import Line as Door
from tests.journey.traces import disguises, found, text_disguises

from safeconduct.edge.channels.errors import SendLater, SendRefused
from safeconduct.spool.shredding import Place, reopen

PHONE, CHAT_ID, NUMBER, HANDLE = "+380671234567", "8412057733", "wamid.HBgMMzgwNjcx", "AgACAgIAAxkBAAIC"
SAID, LATER, REPLY, DURESS, FILE_NAME = (
    "Волошка-7 просить води", "друга ластівка летить", "ми чуємо бджолу", "перламутр", "сойка.jpg",
)  # fmt: skip
PICTURE = b"\xff\xd8\xff planted picture bytes \x00\x01"


async def walk(chat: Chat, who: str) -> str:
    """A whole conversation. Its code."""
    chat.paper.files[HANDLE] = (PICTURE,)
    await chat.take(chat.message(SAID, who, number=f"{NUMBER}{who}1", language="uk"))
    await chat.wait(12)
    await chat.tell(
        "4", "1", "5", "uk", "telegram", "00:00", "23:59", "Europe/Kyiv", "1", LATER, DURESS, "1", "1", who=who
    )
    await chat.tell(f"тут {DURESS} стоїть", who=who)
    await chat.send_file(PICTURE, who=who, number=f"{NUMBER}{who}2")
    await chat.answer(REPLY, who)
    chat.paper.fail = [SendRefused(f"{who} blocked us")]
    await chat.wait(30)
    await chat.answer(REPLY, who)
    chat.paper.fail = [SendLater(f"{who} is slow", retry_after=900)]
    await chat.wait(1)
    code = await chat.code(who)
    assert code
    return code


def opened(database: Path) -> dict[str, bytes]:
    """What the spool's own keys open: they lie beside what they close, so a thief has them."""
    columns = {
        Place.ENVELOPE: ("waiting", "envelope"),
        Place.REPLY: ("replies", "envelope"),
        Place.KEPT: ("kept", "value"),
        Place.ERRAND: ("errands", "body"),
    }
    values = {}
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        for place, (table, column) in columns.items():
            query = (
                f"SELECT {column}, secret FROM {table} JOIN conversation_secrets AS own ON own.number = conversation"  # noqa: S608
            )
            for index, (value, secret) in enumerate(connection.execute(query)):
                values[f"{table}{index}"] = reopen(secret, value, place)
    return values


@pytest.mark.rule("T3", "R49")
async def test_a_seized_state_folder_names_nobody(line: Door, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    chat = chat_line(line, READS)
    codes = [await walk(chat, who) for who in (PHONE, CHAT_ID)]
    await chat.tell("erase", "1", who=CHAT_ID)
    needles = [PHONE, PHONE.lstrip("+"), CHAT_ID, NUMBER, HANDLE, SAID, LATER, REPLY, DURESS, FILE_NAME, *codes]
    forms = {one: text_disguises(one) for one in needles} | {"picture": disguises(PICTURE)}
    forms |= {f"binary {digits}": disguises(int(digits).to_bytes(8)) for digits in (CHAT_ID, PHONE.lstrip("+"))}
    assert {path.name for path in chat.door.folder.rglob("*")} >= {"spool.db", "files"}
    assert list(found([chat.door.folder], forms)) == []
    values = opened(chat.door.folder / "spool.db")
    assert {name.rstrip("0123456789") for name in values} == {"waiting", "replies", "kept", "errands"}
    shown = [
        (name, where) for name, many in forms.items() for where, value in values.items() for one in many if one in value
    ]
    assert shown == []
    assert not any(needle in caplog.text for needle in needles)


async def test_what_is_carried_about_in_memory_shows_no_address(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    shown = repr([await chat.state(), chat.message(SAID), chat.line.secrets])
    assert ANNA not in shown
    assert SAID not in shown
