# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole way of one person at the door, in every language that is complete."""

import httpx
import pytest
from tests.edge.conftest import Line
from tests.edge.person import Person

from safeconduct.dialogue.texts import AVAILABLE, texts
from safeconduct.vocabulary.applications import Kind, Stage, Urgency
from safeconduct.vocabulary.records import ApplicationFacts, ErasureWish, PersonText

SPOKEN = [tag for tag in AVAILABLE if texts(tag).is_complete]


@pytest.mark.parametrize("tag", SPOKEN)
async def test_a_person_applies_reads_the_answer_writes_again_and_erases(
    tag: str, line: Line, client: httpx.AsyncClient
) -> None:
    person = Person(client, tag)
    shown = await person.apply(language=tag, text="Хочу домой. 집에 가고싶습니다.")
    assert shown.status == 200
    (envelope, facts), (_, text) = await line.arrived()
    assert isinstance(text, PersonText)
    assert text.text == "Хочу домой. 집에 가고싶습니다."
    await line.answer(envelope, facts, "Мы читаем вас.")
    inbox = await person.open(shown.receipt)
    assert inbox.replies == ["Мы читаем вас."]
    assert (await person.write(inbox, "Спасибо")).status == 200
    assert (await line.arrived())[-1][1] == PersonText("Спасибо")
    assert (await person.erase(inbox)).status == 200
    assert [record for _, record in await line.arrived()] == [ErasureWish()]
    assert (await person.open(shown.receipt)).status == 400


@pytest.mark.rule("R2")
async def test_only_type_and_stage_must_be_chosen(person: Person, line: Line) -> None:
    review = await person.post("apply", {"type": "relative", "stage": "home"})
    await person.post("apply", review.hidden)
    (_, facts), *others = await line.arrived()
    assert isinstance(facts, ApplicationFacts)
    assert (facts.stage, facts.language, others) == (Stage.HOME, "en", [])


@pytest.mark.rule("R3")
async def test_facts_and_text_travel_in_two_envelopes(person: Person, line: Line) -> None:
    await person.apply(text="I am tired.")
    (first, facts), (second, text) = await line.arrived()
    assert isinstance(facts, ApplicationFacts)
    assert isinstance(text, PersonText)
    assert first.header.envelope != second.header.envelope
    assert first.header.conversation == second.header.conversation


async def test_the_label_says_only_channel_language_kind_and_urgency(person: Person, line: Line) -> None:
    await person.apply(stage="front", language="ne")
    ((envelope, _),) = await line.arrived()
    assert envelope.label is not None
    label = envelope.label
    assert (label.channel, label.language, label.kind, label.urgency) == ("web", "ne", Kind.APPLICATION, Urgency.NOW)


async def test_the_first_post_stores_nothing(person: Person, line: Line) -> None:
    review = await person.review(text="not yet")
    assert review.status == 200
    assert "not yet" in review.text
    assert await line.spool.waiting(10) == []


async def test_an_answer_can_be_changed_before_it_is_sent(person: Person, line: Line) -> None:
    review = await person.review(text="I am <b>one</b> & alone", stage="home")
    form = await person.post("apply", {**review.hidden, "decision": "change"})
    assert form.status == 200
    assert form.by_id("text").text == "I am <b>one</b> & alone"
    assert form.by_id("stage-home").get("checked") is not None
    assert await line.spool.waiting(10) == []


@pytest.mark.rule("R4")
async def test_hours_and_zone_travel_sealed(person: Person, line: Line) -> None:
    hours = {"contact_from": "23:30", "contact_to": "00:45", "contact_zone": "Europe/Moscow"}
    await person.apply(contact="telegram", **hours)
    ((_, facts),) = await line.arrived()
    assert isinstance(facts, ApplicationFacts)
    rule = facts.safe_contact
    assert rule is not None
    assert (rule.channel, rule.from_, rule.to, rule.timezone) == ("telegram", "23:30", "00:45", "Europe/Moscow")


@pytest.mark.rule("R4")
async def test_never_means_no_rule_at_all(person: Person, line: Line) -> None:
    await person.apply(contact="never")
    ((_, facts),) = await line.arrived()
    assert isinstance(facts, ApplicationFacts)
    assert facts.safe_contact is None


@pytest.mark.rule("R5")
async def test_a_duress_word_marks_a_later_message_and_nothing_shows_it(person: Person, line: Line) -> None:
    shown = await person.apply(duress_word="진달래")
    calm = await person.write(await person.open(shown.receipt), "모두 좋습니다")
    forced = await person.write(await person.open(shown.receipt), "진달래, 모두 좋습니다".encode().decode())
    assert [r.duress for _, r in await line.arrived() if isinstance(r, PersonText)] == [False, True]
    volatile = {"ticket", "nonce"}
    assert calm.text == forced.text
    assert calm.hidden.keys() == forced.hidden.keys() >= volatile


async def test_applications_are_never_deduplicated_by_content(person: Person, line: Line) -> None:
    first, second = await person.apply(), await person.apply()
    assert first.receipt != second.receipt
    assert len(await line.arrived()) == 2
