# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which languages are served, and which one first."""

import httpx
import pytest
from tests.edge.conftest import Clock, Line
from tests.edge.person import Page

from safeconduct.dialogue.texts import texts
from safeconduct.edge.board import REFRESH_SECONDS
from safeconduct.edge.web.negotiation import best_language, reads_gzip
from safeconduct.vocabulary import board

SERVED = ("en", "uk", "ru", "ko-KP", "ar")


@pytest.mark.rule("R12")
async def test_in_production_only_what_two_people_approved_is_served(line: Line) -> None:
    await line.approve("en")
    async with line.client(line.app(demonstration=False)) as client:
        first = Page(await client.get("/"))
        assert [item.get("href") for item in first.all("a")][1:] == ["/en/"]
        assert (await client.get("/en/apply")).status_code == 200
        assert (await client.get("/uk/")).status_code == 404
        assert "demonstration" not in first.text


@pytest.mark.rule("R12")
async def test_without_any_approval_pictograms_stand_alone(line: Line) -> None:
    async with line.client(line.app(demonstration=False)) as client:
        first = await client.get("/")
        assert first.status_code == 200
        assert "<svg" in first.text
        assert Page(first).text == ""
        assert (await client.get("/en/")).status_code == 404
        assert (await client.get("/healthz")).status_code == 503


@pytest.mark.rule("R12")
async def test_an_approval_of_other_sentences_approves_nothing(line: Line) -> None:
    await line.publish(board.TEXTS + "en", b"0" * 64)
    async with line.client(line.app(demonstration=False)) as client:
        assert (await client.get("/en/")).status_code == 404


@pytest.mark.rule("R12")
async def test_one_reviewer_or_the_publishers_cannot_approve(line: Line) -> None:
    content = texts("en").content_hash.encode()
    for signers in (line.reviewers[:1], line.publishers):
        await line.publish(board.TEXTS + "en", content, signers=signers)
        async with line.client(line.app(demonstration=False)) as client:
            assert (await client.get("/en/")).status_code == 404


@pytest.mark.rule("R12")
async def test_an_approval_that_runs_out_takes_the_language_away(line: Line, clock: Clock) -> None:
    await line.publish(board.TEXTS + "en", texts("en").content_hash.encode(), days=1)
    async with line.client(line.app(demonstration=False)) as client:
        assert (await client.get("/en/how")).status_code == 200
        clock.now += 24 * 3600 + REFRESH_SECONDS
        assert (await client.get("/en/how")).status_code == 404


@pytest.mark.rule("R12")
async def test_a_demonstration_says_so_on_every_page(client: httpx.AsyncClient) -> None:
    for path in ("/", "/en/", "/en/how", "/en/treatment", "/en/check", "/en/apply", "/en/inbox", "/nowhere"):
        assert "This is a demonstration." in (await client.get(path)).text


@pytest.mark.parametrize(
    ("wished", "best"),
    [
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("ko", "ko-KP"),
        ("ko-KR", "ko-KP"),
        ("fr, uk;q=0.2", "uk"),
        ("en;q=0.1, AR-sy", "ar"),
        ("uk;q=0, en", "en"),
        ("de, fr", None),
        ("", None),
        ("*", None),
        ("ru;q=x, , ;;;=", None),
        ("\xff" * 10_000, None),
    ],
)
def test_the_browsers_best_match_comes_first(wished: str, best: str | None) -> None:
    assert best_language(wished.encode("latin-1"), SERVED) == best


@pytest.mark.parametrize(
    ("accepted", "reads"),
    [
        ("gzip, deflate, br", True),
        ("GZIP", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip;q=0, *", False),
        ("*, gzip;q=0", False),
        ("*;q=0, gzip", True),
        ("gzip;q=nan", False),
        ("br", False),
        ("", False),
    ],
)
def test_gzip_goes_only_to_who_reads_it(accepted: str, reads: bool) -> None:  # noqa: FBT001 - the expected value
    assert reads_gzip(accepted.encode()) is reads


@pytest.mark.rule("R10")
def test_nothing_of_what_a_browser_says_of_itself_is_kept() -> None:
    for judge in (reads_gzip, best_language):
        assert not hasattr(judge, "cache_info"), "a cache is a list of the headers of those who came"


async def test_the_first_page_sets_nothing_and_names_each_language_in_its_own_script(client: httpx.AsyncClient) -> None:
    answer = await client.get("/", headers={"accept-language": "en"})
    assert "set-cookie" not in answer.headers
    links = Page(answer).all("a")[1:]
    assert (links[0].text, links[0].get("lang")) == ("English", "en")


async def test_a_page_that_there_is_not_answers_in_the_persons_language(client: httpx.AsyncClient) -> None:
    for path in ("/en/nowhere", "/nowhere", "/xx/apply", "/en/apply/more", "/..%2f..%2fetc", "/%00", "/en/how/"):
        answer = await client.get(path, headers={"accept-language": "en"})
        assert answer.status_code == 404
        assert 'lang="en"' in answer.text
