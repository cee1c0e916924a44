# SPDX-License-Identifier: AGPL-3.0-or-later
"""What leaves: forms, limits, and what each refusal means."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from safeconduct.edge.channels.contract import Address, FileRef, Outgoing
from safeconduct.edge.channels.errors import SendLater, SendRefused, SendUncertain, SettingsRefused
from safeconduct.edge.channels.reach import Answer, Reach
from safeconduct.edge.channels.whatsapp import requests
from safeconduct.edge.channels.whatsapp.channel import Settings, make
from safeconduct.edge.channels.whatsapp.tests.conftest import Line
from safeconduct.edge.channels.whatsapp.tests.double import SOMEONE, Double

ME = Address(SOMEONE)


def some(count: int, width: int = 5) -> tuple[tuple[str, str], ...]:
    return tuple((f"v{number}", f"{number}".rjust(width, "x")) for number in range(count))


@pytest.mark.parametrize("address", [SOMEONE, "16505551234", "+16505551234"])
async def test_numbers_and_user_ids_are_written_to(line: Line, address: str) -> None:
    assert await line.channel.send(Address(address), Outgoing("*Hello*")) == ()
    assert line.double.sent == [(address, "*Hello*", ())]


async def test_anything_else_is_no_address(line: Line) -> None:
    with pytest.raises(SendRefused):
        await line.channel.send(Address("someone@example.org"), Outgoing("Hello"))
    assert line.double.sent == []


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (some(3, 20), "Which?"),
        (some(3, 21), "Which?"),
        (some(3), "w" * 1025),
        (some(10, 24), "w" * 4096),
        (some(10, 72), "Which?"),
    ],
)
async def test_choices_are_buttons_or_a_list_as_they_fit(
    line: Line, options: tuple[tuple[str, str], ...], text: str
) -> None:
    await line.channel.send(ME, Outgoing(text, options))
    assert line.double.sent == [(SOMEONE, text, options)]
    await line.double.press("v1")
    await line.double.post(line.channel, line.take)
    assert [one.pressed for one in line.taken] == ["v1"]


@pytest.mark.parametrize("options", [some(11), some(2, 73), (("a", "Same"), ("b", "Same"))])
async def test_choices_that_fit_nowhere_are_numbered(line: Line, options: tuple[tuple[str, str], ...]) -> None:
    await line.channel.send(ME, Outgoing("Which?", options))
    ((_, text, shown),) = line.double.sent
    assert shown == ()
    assert text.startswith(f"Which?\n\n1. {options[0][1]}\n2. {options[1][1]}")


@pytest.mark.parametrize(("language", "sent"), [("ru", "ru"), ("en", "en_US"), ("en-GB", "en_US")])
async def test_a_knock_is_the_approved_template(line: Line, language: str, sent: str) -> None:
    await line.channel.send(ME, Outgoing("There is a message", about="knock", language=language))
    assert line.double.sent == [(SOMEONE, f"template knock {sent}", ())]


async def test_without_a_template_in_their_language_nobody_is_knocked_at(line: Line) -> None:
    with pytest.raises(SendRefused, match="no template"):
        await line.channel.send(ME, Outgoing("There is a message", about="knock", language="ko"))
    assert line.double.sent == []


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, 131026, SendRefused),
        (400, 131047, SendRefused),
        (400, 131051, SendRefused),
        (400, 132001, SendRefused),
        (400, 100, SendRefused),
        (400, 80007, SendLater),
        (429, 130429, SendLater),
        (400, 131056, SendLater),
        (401, 190, SendLater),
        (403, 10, SendLater),
        (403, 368, SendLater),
        (500, 131000, SendLater),
        (503, 131016, SendLater),
        (500, 999, SendLater),
    ],
)
async def test_each_documented_refusal_means_something(
    line: Line, status: int, code: int, expected: type[Exception]
) -> None:
    line.double.fail_next(code, status)
    with pytest.raises(expected, match=f"code {code}"):
        await line.channel.send(ME, Outgoing("Hello"))
    assert line.double.sent == []


@pytest.mark.parametrize(
    ("status", "headers", "body", "error", "seconds"),
    [
        (429, {"retry-after": "17"}, b"", SendLater, 17.0),
        (400, {}, b'{"error":{"code":131056}}', SendLater, 6.0),
        (
            400,
            {"x-business-use-case-usage": '{"1":[{"type":"whatsapp","estimated_time_to_regain_access":19}]}'},
            b'{"error":{"code":80007}}',
            SendLater,
            1140.0,
        ),
        (429, {"x-business-use-case-usage": "nonsense", "retry-after": "soon"}, b"", SendLater, None),
        (502, {}, b"<html>", SendUncertain, None),
        (404, {}, b"<html>", SendRefused, None),
        (200, {}, b"{}", SendUncertain, None),
        (200, {}, b'{"messages":[]}', SendUncertain, None),
    ],
)
def test_an_answer_is_judged_by_what_it_says(
    status: int, headers: dict[str, str], body: bytes, error: type[Exception], seconds: float | None
) -> None:
    with pytest.raises(error) as raised:
        requests.judge(Answer(status, headers, body))
    assert getattr(raised.value, "retry_after", None) == seconds


async def test_a_broken_answer_leaves_it_open_whether_it_arrived(line: Line) -> None:
    line.double.break_next()
    with pytest.raises(SendUncertain):
        await line.channel.send(ME, Outgoing("Hello"))
    assert len(line.double.sent) == 1


async def test_a_file_is_fetched_with_the_token(line: Line) -> None:
    await line.double.send_file(b"\xff\xd8" * 100_000, "image/jpeg")
    await line.double.post(line.channel, line.take)
    file = line.taken[0].file
    assert file is not None
    assert b"".join([piece async for piece in line.channel.fetch(file)]) == b"\xff\xd8" * 100_000


@pytest.mark.parametrize("handle", ["12345", "../me", "", "a?b"])
async def test_a_file_that_is_not_there_is_refused(line: Line, handle: str) -> None:
    with pytest.raises(SendRefused):
        await anext(line.channel.fetch(FileRef(handle, "image/jpeg")))


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1", True),
        ("http://lookaside.fbsbx.com/", False),
        ("https://lookaside.fbsbx.com.example.org/", False),
        ("https://169.254.169.254/", False),
        ("file:///etc/passwd", False),
        ("https://[", False),
    ],
)
def test_the_token_goes_to_meta_only(url: str, *, may: bool) -> None:
    assert msgspec.convert(Double().settings(), Settings).may_have_token(url) is may


@pytest.mark.parametrize(
    "change",
    [
        {"access_token": None},
        {"access_token_file": "/nowhere"},
        {"access_token": None, "access_token_file": "/nowhere"},
        {"app_secret": "two\nlines"},
        {"graph_url": "http://graph.facebook.com/v24.0"},
    ],
)
def test_settings_that_cannot_be_used_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(SettingsRefused, match=r"whatsapp\.toml|/nowhere"):
        make(msgspec.convert({**Double().settings(), "graph_url": "https://127.0.0.1", **change}, Settings), Reach())


def test_a_secret_may_lie_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("EAA-other\n", "ascii")
    (tmp_path / "token").chmod(0o600)
    given = {**Double().settings(), "access_token": None, "access_token_file": str(tmp_path / "token")}
    assert msgspec.convert(given, Settings).secret("access_token") == "EAA-other"


def test_a_long_text_is_parted_without_loss(line: Line) -> None:
    text = "word " * 3000
    parts = line.channel.parts(text)
    assert max(map(len, parts)) <= 4096
    assert " ".join(parts).split() == text.split()
