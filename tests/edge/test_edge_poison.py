# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever arrives: a page with a reason, never an exception, never somebody else's meaning."""

import asyncio
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.edge.conftest import Clock, Line, make_line
from tests.edge.person import ANSWERS, Page, Person

from safeconduct.edge.web.posts import _cut, _parse_slowly
from safeconduct.spool.contract import Quota
from safeconduct.spool.sqlite import SqliteSpool
from safeconduct.vocabulary.records import PersonText

INPUTS = int(os.environ.get("SAFECONDUCT_SOAK_INPUTS", "1200")) // 4
EXPECTED_STATUSES = {200, 400, 403, 413, 503}
BOUNDARY = b"----boundary"
MULTIPART = {"content-type": "multipart/form-data; boundary=----boundary"}
URLENCODED = {"content-type": "application/x-www-form-urlencoded"}

POISON = [
    "\x00\x00help\x00me",
    "\u202eabc\u202c\u2066\u2069 \u200f",
    "مر\u200bح\u200dبا \ufeff",
    "<script>alert(1)</script>",
    "</textarea></p><img src=x onerror=1>",
    '=HYPERLINK("http://x")',
    "{{ 7*7 }}{% raw %}{count}",
    "a\rb\x0b\x0c\x1b\x7f\x85c",
    "e\u0301 \ufdd0 \uffff \U0001fffe",
    "  leading and trailing \n\n",
    "\n\nnewlines first",
    "🙏🏽👩\u200d👩\u200d👧\u200d👦",
]


@pytest.mark.rule("T8")
@pytest.mark.parametrize("text", POISON)
async def test_hostile_letters_arrive_letter_by_letter_and_harm_no_page(person: Person, line: Line, text: str) -> None:
    review = await person.review(text=text)
    assert review.status == 200
    assert not [e for e in review.tree.iter() if e.get("onerror")]
    await person.post("apply", review.hidden)
    assert (await line.arrived())[1][1] == PersonText(text)


@pytest.mark.rule("T8")
@pytest.mark.parametrize("text", POISON)
async def test_going_back_to_change_something_else_changes_no_letter(person: Person, line: Line, text: str) -> None:
    review = await person.review(text=text)
    form = await person.post("apply", {**review.hidden, "decision": "change"})
    shown = form.by_id("text").text or ""
    review = await person.review(**form.hidden, text=shown, stage="home")
    await person.post("apply", review.hidden)
    assert (await line.arrived())[1][1] == PersonText(text)


@pytest.mark.rule("T8")
async def test_a_text_of_64_kilobytes_is_refused_with_the_number_and_kept(person: Person) -> None:
    page = await person.review(text="n" * 65_536)
    assert page.status == 400
    assert "At most 10000 characters" in page.text
    assert page.by_id("text").text == "n" * 65_536


async def test_problems_stand_beside_the_question_and_above_with_links(person: Person) -> None:
    page = await person.post("apply", {"type": "unit", "head_count": "many", "contact": "telegram"})
    assert page.status == 400
    links = {link.get("href") for link in page.all("a") if (link.get("href") or "").startswith("#")}
    assert links >= {"#head_count", "#stage-home", "#contact_from", "#contact_to", "#contact_zone"}
    assert page.by_id("head_count").get("value") == "many"
    assert "problem-head_count" in (page.by_id("head_count").get("aria-describedby") or "")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, b""),
        ({"content-type": "text/plain"}, b"type=unit"),
        ({"content-type": "application/json"}, b"{}"),
        ({"content-type": "multipart/form-data"}, b"--x--"),
        ({"content-type": "multipart/form-data; boundary="}, b"----"),
        (MULTIPART, b""),
        (MULTIPART, b"------boundary--\r\n"),
        (MULTIPART, b'------boundary\r\nContent-Disposition: form-data; name="type"\r\n\r\nunit'),
        (MULTIPART, b'------boundary\r\nContent-Disposition: form-data; name="type"\r\n\r\n\xff\xfe\r\n------boundary--\r\n'),
        (MULTIPART, b'------boundary\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n1\r\n------boundary--\r\n'),
        (MULTIPART, b"------boundary\r\nX: y\r\n\r\n1\r\n------boundary--\r\n"),
        (URLENCODED, b"type=%ff"),
        (URLENCODED, b"type=\xff"),
        (URLENCODED, b"type=unit&type=relative"),
        (URLENCODED, b"&".join(b"a%d=1" % number for number in range(65))),
        ({"content-type": "\xff"}, b"x"),
    ],
)  # fmt: skip
async def test_a_body_that_cannot_be_read_is_refused(
    client: httpx.AsyncClient, headers: Mapping[str, str], body: bytes
) -> None:
    raw = [(key.encode(), value.encode("latin-1")) for key, value in headers.items()]
    for page in ("apply", "inbox"):
        answer = await client.post(f"/en/{page}", headers=raw, content=body)
        assert answer.status_code == 400


async def test_a_name_that_stands_twice_is_refused(client: httpx.AsyncClient) -> None:
    parts = [("type", (None, "unit")), ("stage", (None, "home")), ("type", (None, "relative"))]
    assert (await client.post("/en/apply", files=parts)).status_code == 400


async def test_unknown_fields_are_ignored(person: Person) -> None:
    assert (await person.review(nonsense="1", __proto__="2", **{"": ""}, text_b64="x")).status in {200, 400}
    assert (await person.review(nonsense="1", x="2")).status == 200


async def test_urlencoded_is_understood_as_well(client: httpx.AsyncClient, line: Line) -> None:
    review = Page(await client.post("/en/apply", data={**ANSWERS, "text": "Хочу домой\r\nживым"}))
    assert (await client.post("/en/apply", data=review.hidden)).status_code == 200
    assert (await line.arrived())[1][1] == PersonText("Хочу домой\nживым")


async def test_an_answer_that_was_changed_on_the_way_is_asked_again(person: Person, line: Line) -> None:
    review = await person.review()
    assert (await person.post("apply", {**review.hidden, "stage": "moon"})).status == 400
    assert (await person.post("apply", {**review.hidden, "text.b64": "%%%"})).status == 400
    assert (await person.post("apply", {**review.hidden, "text.b64": "_____w=="})).status == 400
    assert await line.arrived() == []


@dataclass
class Fuzzed:
    """One door for all inputs of a fuzz: it must bear them one after another."""

    runner: asyncio.Runner
    person: Person
    shown: Page
    inbox: Page

    def post(self, page: str, fields: Mapping[str, str]) -> int:
        return self.runner.run(self.person.post(page, fields)).status

    def send(self, page: str, headers: Mapping[str, str], body: bytes) -> int:
        answer = self.runner.run(self.person.client.post(f"/en/{page}", headers=headers, content=body))
        return answer.status_code


async def _open(folder: Path) -> Line:
    clock = Clock()
    line = await make_line(
        await SqliteSpool.open(folder / "spool.db", quota=Quota(1 << 40), clock=clock), clock, folder
    )
    await line.publish_teams()
    await line.publish_line()
    return line


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzed]:
    with asyncio.Runner() as runner:
        line = runner.run(_open(tmp_path_factory.mktemp("fuzzed")))
        person = Person(line.client())
        shown = runner.run(person.apply())
        yield Fuzzed(runner, person, shown, runner.run(person.open(shown.receipt)))
        runner.run(person.client.aclose())
        runner.run(line.spool.close())


NAMES = st.sampled_from(
    (
        *ANSWERS,
        *("ticket", "last_group", "decision", "text", "text.b64", "duress_word", "head_count", "contact_from"),
        *("contact_zone", "receipt", "act", "sure", "nonce", "neutral_text", "", "é", 'a"b'),
    )
)
VALUES = st.one_of(
    st.sampled_from([*ANSWERS.values(), "unit", "telegram", "change", "send", "look", "write", "erase", "yes"]),
    st.text(max_size=60),
    st.sampled_from(POISON),
    st.integers().map(str),
    st.from_regex(r"[A-Za-z0-9_-]{43}", fullmatch=True),
    st.from_regex(r"[0-9]{24}", fullmatch=True),
)
FIELDS = st.dictionaries(NAMES, VALUES, max_size=12)
JUNK = st.lists(
    st.one_of(
        st.binary(max_size=60),
        st.sampled_from(
            [
                b"--" + BOUNDARY,
                b"--" + BOUNDARY + b"--",
                b"\r\n",
                b"\r\n\r\n",
                b'Content-Disposition: form-data; name="type"',
                b'Content-Disposition: form-data; name="ticket"',
                b"Content-Transfer-Encoding: base64",
                b"individual",
                b"%00&type=",
            ]
        ),
    ),
    max_size=14,
).map(b"".join)


@pytest.mark.rule("T8")
@pytest.mark.parametrize("page", ["apply", "inbox"])
@settings(max_examples=INPUTS, deadline=None, database=None)
@given(fields=FIELDS, ticket=st.sampled_from(["", "receipt", "inbox"]))
def test_no_fields_make_an_error_of_ours(fuzzed: Fuzzed, page: str, fields: dict[str, str], ticket: str) -> None:
    known = {"receipt": fuzzed.shown.hidden["ticket"], "inbox": fuzzed.inbox.hidden["ticket"]}
    assert fuzzed.post(page, fields | ({"ticket": known[ticket]} if ticket else {})) in EXPECTED_STATUSES


@pytest.mark.rule("T8")
@pytest.mark.parametrize("page", ["apply", "inbox"])
@settings(max_examples=INPUTS, deadline=None, database=None)
@given(body=JUNK, headers=st.sampled_from([MULTIPART, URLENCODED]))
def test_no_bytes_make_an_error_of_ours(fuzzed: Fuzzed, page: str, body: bytes, headers: Mapping[str, str]) -> None:
    assert fuzzed.send(page, headers, body) in EXPECTED_STATUSES


@given(body=JUNK)
def test_what_is_cut_in_one_go_means_what_a_slow_reading_says(body: bytes) -> None:
    cut = _cut(body, BOUNDARY)
    if cut is not None:
        assert cut == _parse_slowly(body, BOUNDARY)


@given(fields=st.dictionaries(st.from_regex(r"[a-z_.]{1,9}", fullmatch=True), st.binary(max_size=99), min_size=1))
def test_regular_bodies_are_cut_as_they_are_read(fields: dict[str, bytes]) -> None:
    parts = (
        b'--%b\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % (BOUNDARY, name.encode(), value)
        for name, value in fields.items()
    )
    body = b"".join(parts) + b"--" + BOUNDARY + b"--\r\n"
    assert _cut(body, BOUNDARY) == _parse_slowly(body, BOUNDARY)
