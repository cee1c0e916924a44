# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the public pages say of who is on duty: what the desk's signal says, in the reader's own language, and no more."""

import pytest
from tests.edge.conftest import Clock, Line
from tests.edge.person import Person

from safeconduct.dialogue.texts import AVAILABLE, texts
from safeconduct.edge.duty import REFRESH_SECONDS
from safeconduct.sealing import duty as sealing
from safeconduct.sealing.signatures import SigningKey
from safeconduct.spool.contract import Kept, Lane
from safeconduct.vocabulary.board import LineNotice, Way
from safeconduct.vocabulary.duty import KEY, KIND, SIGNAL_SECONDS, Duty, encode

THERE = "When this page opened, an operator who speaks this language was on duty. Others may be waiting too."
NOBODY = (
    "When this page opened, no operator who speaks this language was on duty. "
    "A message waits until an operator reads it."
)
FIRST_VISIT_MAX = 14_000
HEADERS_MOST = 1_200


async def on_duty(line: Line, *languages: str, by: SigningKey | None = None) -> None:
    now = int(line.clock())
    said = sealing.sign(encode(Duty(now, now + SIGNAL_SECONDS, languages)), by or line.desk)
    await line.spool.keep(Kept(KIND, KEY, said, now + SIGNAL_SECONDS), lane=Lane.REPLY)


async def told(person: Person, name: str) -> bool:
    """Whether this page says that somebody is there; that it says one of the two is asked each time."""
    shown = (await person.get(name)).answer.text
    say = texts(person.tag).say
    assert (say(THERE) in shown) != (say(NOBODY) in shown), name
    return say(THERE) in shown


@pytest.mark.parametrize("tag", AVAILABLE)
@pytest.mark.parametrize("name", ["", "apply", "inbox"])
async def test_a_page_says_in_its_own_language_whether_somebody_who_speaks_it_is_on_duty(
    name: str, tag: str, line: Line
) -> None:
    await on_duty(line, tag)
    async with line.client() as client:
        assert await told(Person(client, tag), name)
        assert not await told(Person(client, "uk" if tag != "uk" else "en"), name)


async def test_the_receipt_what_follows_it_and_the_inbox_say_it_too(line: Line) -> None:
    await line.publish_line(LineNotice("within_day"))
    async with line.client() as client:
        person = Person(client, "en")
        shown = await person.apply(text="?")
        typed = {"ticket": shown.hidden["ticket"], "last_group": shown.receipt[-4:]}
        pages = [shown, await person.post("apply", typed), await person.open(shown.receipt)]
        await on_duty(line, "en")
        line.clock.now += REFRESH_SECONDS
        pages += [await person.post("apply", typed), await person.open(shown.receipt)]
    assert [THERE in page.answer.text for page in pages] == [False, False, False, True, True]
    assert [NOBODY in page.answer.text for page in pages] == [True, True, True, False, False]
    assert all("An answer usually comes within a day." in page.answer.text for page in pages)


@pytest.mark.rule("T13")
async def test_silence_means_nobody_two_minutes_later(line: Line, clock: Clock) -> None:
    await on_duty(line, "en")
    async with line.client() as client:
        assert await told(Person(client, "en"), "apply")
        clock.now += SIGNAL_SECONDS
        assert not await told(Person(client, "en"), "apply")


@pytest.mark.rule("T13")
async def test_nobody_but_the_desk_puts_somebody_on_duty(line: Line) -> None:
    await on_duty(line, "en", by=SigningKey.generate())
    async with line.client() as client:
        assert not await told(Person(client, "en"), "apply")


async def test_a_shift_that_changes_renders_no_page_anew(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    async with line.client() as client:
        await client.get("/en/")
        monkeypatch.setattr("safeconduct.edge.web.pages.Pages.render", None)
        for languages in (("en",), (), ("en", "ar")):
            await on_duty(line, *languages)
            line.clock.now += REFRESH_SECONDS
            assert await told(Person(client, "en"), "") is ("en" in languages)
            assert await told(Person(client, "ar"), "apply") is ("ar" in languages)
            assert (await client.get("/en/inbox")).status_code == 200


@pytest.mark.rule("T2")
@pytest.mark.parametrize("tag", AVAILABLE)
async def test_a_first_visit_fits_the_first_window_with_somebody_on_duty(tag: str, line: Line) -> None:
    ways = (Way("telegram", "@example_line_bot"), Way("voice", "+000 00 000 00 00"), Way("onion", "x" * 56 + ".onion"))
    await line.publish_line(LineNotice("within_three_days", ways))
    await on_duty(line, *AVAILABLE)
    async with line.client() as client:
        for name in ("", "apply", "inbox"):
            answer = (await Person(client, tag).get(name)).answer
            assert int(answer.headers["content-length"]) + HEADERS_MOST <= FIRST_VISIT_MAX, name
