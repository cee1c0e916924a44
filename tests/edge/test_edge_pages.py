# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every page, in every language that is complete: small, whole, quiet, valid, labelled."""

import gzip
from collections.abc import AsyncIterator

import html5lib
import httpx
import pytest
from tests.edge.conftest import Clock, Line
from tests.edge.person import HTML, Page, Person

from safeconduct.dialogue.texts import AVAILABLE, texts
from safeconduct.edge.web.answers import headers_for
from safeconduct.edge.web.pages import style
from safeconduct.vocabulary.board import LineNotice, Way
from safeconduct.vocabulary.languages import LANGUAGES

SPOKEN = [tag for tag in AVAILABLE if texts(tag).is_complete]
FIRST_VISIT_MAX = 14_000
STEP = 4096
CONTROLS = {"input", "textarea", "select"}


async def every_page(line: Line, client: httpx.AsyncClient, tag: str) -> AsyncIterator[tuple[str, Page]]:
    """All that a person can be shown, by name."""
    person = Person(client, tag)
    yield "languages", Page(await client.get("/", headers={"accept-language": tag}))
    for name in ("", "how", "treatment", "check", "apply", "inbox", "nowhere"):
        yield name or "appeal", await person.get(name)
    yield "misunderstood", await person.post("apply", {"contact": "telegram", "type": "unit"})
    yield "review", await person.review(text="Хочу домой. " * 40, duress_word="берёза")
    shown = await person.apply(text="?")
    yield "receipt", shown
    for name, typed in (("noted", shown.receipt[-4:]), ("retry", "12")):
        yield name, await person.post("apply", {"ticket": shown.hidden["ticket"], "last_group": typed})
    yield "receipt gone", await person.post("apply", {"ticket": "A" * 43, "last_group": "1234"})
    yield "slip", await person.open(shown.receipt[1:] + "7")
    yield "unknown", await person.open("0" * 24)
    inbox = await person.open(shown.receipt)
    yield "empty inbox", inbox
    yield "too long", await person.write(inbox, "a" * 10_001)
    envelope, facts = (await line.arrived())[0]
    await line.answer(envelope, facts, "Ждите ночи. " * 40)
    yield "inbox", await person.write(inbox, "Спасибо")
    yield "closed inbox", await person.act(Page(inbox.answer), "look", ticket="x")
    yield "erase", await person.act(inbox, "erase")
    yield "erased", await person.erase(inbox)
    yield "method", Page(await client.put(f"/{tag}/apply"))
    yield "size", await person.post("apply", {"text": "a" * 300_000})
    yield "unreadable", Page(await client.post(f"/{tag}/apply", content=b"{}"))
    yield "elsewhere", Page(await client.post(f"/{tag}/apply", headers={"sec-fetch-site": "cross-site"}))


@pytest.fixture
async def busy_line(line: Line) -> Line:
    """A line with several ways in, so that pages are as long as they get."""
    ways = (Way("telegram", "@example_line_bot"), Way("voice", "+000 00 000 00 00"), Way("onion", "x" * 56 + ".onion"))
    await line.publish_line(LineNotice("within_three_days", ways))
    return line


@pytest.mark.rule("T2")
@pytest.mark.parametrize("tag", SPOKEN)
async def test_a_whole_first_visit_fits_the_first_window_in_steps(
    tag: str, busy_line: Line, client: httpx.AsyncClient
) -> None:
    async for name, page in every_page(busy_line, client, tag):
        body = int(page.answer.headers["content-length"])
        head = sum(len(key) + len(value) + 4 for key, value in page.answer.headers.raw)
        date_and_status_line = 80  # what the server adds
        assert body % STEP == 0, name
        assert body + head + date_and_status_line <= FIRST_VISIT_MAX, (name, body)


@pytest.mark.rule("T1", "R10", "T2")
@pytest.mark.parametrize("tag", SPOKEN)
async def test_no_page_is_kept_or_asks_anyone_else(tag: str, busy_line: Line, client: httpx.AsyncClient) -> None:
    async for name, page in every_page(busy_line, client, tag):
        headers = page.answer.headers
        assert headers["cache-control"] == "no-store", name
        assert "set-cookie" not in headers, name
        assert "server" not in headers, name
        assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-"), name
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert [e.tag for e in page.tree.iter() if e.tag in {HTML + "script", HTML + "img", HTML + "iframe"}] == []
        assert [link.get("href") for link in page.all("link")] == ["data:,"], name
        assert not any(element.get("style") for element in page.tree.iter()), name


@pytest.mark.parametrize("tag", SPOKEN)
async def test_every_page_is_valid_html_in_its_language(tag: str, busy_line: Line, client: httpx.AsyncClient) -> None:
    async for name, page in every_page(busy_line, client, tag):
        html5lib.HTMLParser(strict=True).parse(page.answer.text)
        root = page.tree
        assert (root.get("lang"), root.get("dir")) == (tag, LANGUAGES[tag].direction), name
        ids = [element.get("id") for element in page.tree.iter() if element.get("id")]
        assert len(ids) == len(set(ids)), name
        assert len(page.all("h1")) == len(page.all("main")) == 1, name


@pytest.mark.parametrize("tag", SPOKEN)
async def test_every_control_has_its_label_and_every_reference_its_target(
    tag: str, busy_line: Line, client: httpx.AsyncClient
) -> None:
    async for name, page in every_page(busy_line, client, tag):
        ids = {element.get("id") for element in page.tree.iter()}
        labelled = {label.get("for") for label in page.all("label")}
        inside = {id(control) for label in page.all("label") for control in label.iter()}
        for element in page.tree.iter():
            if element.tag in {HTML + control for control in CONTROLS} and element.get("type") != "hidden":
                assert element.get("id") in labelled or id(element) in inside, (name, element.attrib)
                assert element.get("autocomplete") == "off" or element.get("type") == "radio", name
            for reference in (element.get("aria-describedby") or "").split():
                assert reference in ids, (name, reference)
        assert all(link.get("href") != "#" for link in page.all("a"))
        anchors = {(link.get("href") or "")[1:] for link in page.all("a") if (link.get("href") or "").startswith("#")}
        assert anchors <= ids, name


@pytest.mark.rule("R10")
@pytest.mark.parametrize("tag", SPOKEN)
async def test_quick_exit_comes_first_and_admits_that_history_stays(
    tag: str, busy_line: Line, client: httpx.AsyncClient
) -> None:
    async for name, page in every_page(busy_line, client, tag):
        first = page.all("a")[0]
        assert first.get("href") == "https://www.wikipedia.org/", name
        assert first.get("rel") == "noreferrer noopener"
        assert texts(tag).say("The history of this browser stays.") in page.text, name


@pytest.mark.rule("T1")
async def test_titles_say_nothing_about_the_line(busy_line: Line, client: httpx.AsyncClient) -> None:
    titles = {page.all("title")[0].text async for _, page in every_page(busy_line, client, "en")}
    assert titles == {"Information", "Instructions", "Rules", "Addresses", "Form", "Messages", "Notice"}


@pytest.mark.rule("R1")
async def test_everything_to_read_is_there_without_any_answer(client: httpx.AsyncClient) -> None:
    for name in ("", "how", "treatment", "check"):
        assert (await client.get(f"/en/{name}")).status_code == 200


@pytest.mark.rule("R11")
@pytest.mark.parametrize("name", ["", "how", "treatment", "apply"])
async def test_every_appeal_says_when_protection_starts(name: str, person: Person) -> None:
    page = await person.get(name)
    assert "Protection starts" in page.text
    assert "clear act of surrender" in page.text or "clearly show that you surrender" in page.text


@pytest.mark.rule("R11")
@pytest.mark.parametrize("name", ["", "how", "treatment", "check", "apply"])
async def test_no_page_promises_immunity_or_secrecy(name: str, person: Person) -> None:
    words = (await person.get(name)).text.lower()
    for claim in ("immunity", "anonymous", "guarantee", "completely safe", "nobody will know", "untraceable"):
        assert claim not in words


async def test_each_promise_has_an_address_and_an_article(person: Person) -> None:
    page = await person.get("treatment")
    promises = [item for item in page.all("li") if (item.get("id") or "").startswith("promise-")]
    assert {"promise-medical-care", "promise-letters", "promise-no-service"} <= {item.get("id") for item in promises}
    for promise in promises:
        assert any("Article" in "".join(cite.itertext()) for cite in promise.iter(HTML + "cite")), promise.get("id")


async def test_a_browser_without_gzip_gets_the_same_page_in_steps(client: httpx.AsyncClient) -> None:
    packed = await client.get("/en/how", headers={"accept-encoding": "gzip"})
    plain = await client.get("/en/how", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert len(plain.content) % STEP == 0
    assert plain.content.rstrip() == packed.content.rstrip()


async def test_the_body_is_one_ordinary_gzip_member(client: httpx.AsyncClient) -> None:
    async with client.stream("GET", "/en/", headers={"accept-encoding": "gzip"}) as answer:
        raw = b"".join([chunk async for chunk in answer.aiter_raw()])
    assert gzip.decompress(raw).endswith(b"</html>")


async def test_head_says_the_same_and_sends_nothing(client: httpx.AsyncClient) -> None:
    got, head = await client.get("/en/"), await client.head("/en/")
    assert head.headers == got.headers
    assert head.content == b""


async def test_another_method_is_told_what_is_allowed(client: httpx.AsyncClient) -> None:
    answer = await client.delete("/en/how")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_the_style_that_is_sent_is_the_one_that_is_allowed() -> None:
    assert headers_for(style()) != headers_for(style() + " ")


@pytest.mark.rule("R4")
async def test_only_channels_that_the_line_has_are_offered(person: Person, line: Line, clock: Clock) -> None:
    def offered(page: Page) -> set[str]:
        return {e.get("value", "") for e in page.all("input") if e.get("name") == "contact"}

    assert offered(await person.get("apply")) == {"web", "never"}
    await line.publish_line(LineNotice(usual_wait="within_day", ways=(Way(kind="sms", address="+380000000"),)))
    clock.now += 10
    assert offered(await person.get("apply")) == {"web", "never", "sms"}
    refused = await person.review(contact="telegram", stage="")
    assert "telegram" in offered(refused), "what a person chose is not taken away on the way"
