# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever door a person comes by, the same answers make the same sealed record."""

from hypothesis import given
from hypothesis import strategies as st

from safeconduct.dialogue.answers import Answers
from safeconduct.dialogue.engine import advance, start
from safeconduct.dialogue.forms import Understood, understand
from safeconduct.dialogue.record import facts_from, text_from
from safeconduct.dialogue.scripts import Field, load
from safeconduct.dialogue.texts import AVAILABLE, texts
from safeconduct.dialogue.turns import Finish, Hear, Input, Pressed, Said
from safeconduct.dialogue.words import global_act
from safeconduct.vocabulary.records import encode

SCRIPT = load("apply")
STEP = SCRIPT.steps["application"]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).filter(
    lambda text: text.strip() != "" and global_act(text) is None
)
PHRASES = st.sampled_from(["калина", "белая калина", "진달래", "48213", "زهرة"])


@st.composite
def raw_answers(draw: st.DrawFn) -> dict[str, str]:
    """Answers that both a page and a chat can give; a question that a chat does not ask is left open on the page."""
    raw: dict[str, str] = {}
    for field in STEP.fields:
        may_skip = not field.required or field.default is not None
        if not field.is_asked(raw) or (may_skip and draw(st.booleans())):
            continue
        raw[field.name] = draw(_values(field))
    return raw


def _values(field: Field) -> st.SearchStrategy[str]:
    if field.kind == "number":
        return st.integers(1, 99_999).map(str)
    if field.kind == "clock":
        return st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
    if field.kind == "text":
        return TEXTS if field.words is None else PHRASES
    return st.sampled_from(field.values)


def chatted(raw: dict[str, str], ways: st.DataObject, language: str) -> tuple[Answers, list[Hear]]:
    """The same answers question by question, each given in one of the ways a chat allows."""
    turn, heard = start(SCRIPT, language), []
    while turn.position.step == "application":
        field = next(field for field in STEP.fields if field.name == turn.position.field)
        turn = advance(SCRIPT, turn.position, _reply(field, raw.get(field.name), ways, language))
        heard += [effect for effect in turn.effects if isinstance(effect, Hear)]
    sent = advance(SCRIPT, turn.position, Pressed("send"))
    return next(effect.answers for effect in sent.effects if isinstance(effect, Finish)), heard


def _reply(field: Field, value: str | None, ways: st.DataObject, language: str) -> Input:
    if value is None:
        return Pressed("skip")
    if not field.options:
        return Said(value)
    number = str(field.values.index(value) + 1)
    label = texts(language).say(field.options[field.values.index(value)].label)
    replies: list[Input] = [Pressed(value), Said(value), Said(number), Said(label)]
    return ways.draw(st.sampled_from(replies))


@given(raw_answers(), st.sampled_from(AVAILABLE), st.data())
def test_a_page_and_a_chat_seal_the_same_bytes(raw: dict[str, str], language: str, ways: st.DataObject) -> None:
    page = understand(STEP, raw, language=language)
    assert isinstance(page, Understood)
    answers, heard = chatted(raw, ways, language)
    facts = [facts_from(which, channel="web", mailbox=b"\x01" * 32) for which in (page.answers, answers)]
    assert encode(facts[0]) == encode(facts[1])
    by_page, by_chat = text_from(page.answers), [text_from({h.field: h.text}) for h in heard if h.field == "text"]
    assert by_chat == ([] if by_page is None else [by_page])
    assert [h.text for h in heard if h.field == "duress_word"] == [raw[name] for name in raw if name == "duress_word"]
