# SPDX-License-Identifier: AGPL-3.0-or-later
"""R17: words for both sides, once; never beside a place, never in a log, and gone with the outcome."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.desk.cases.conftest import Line, Person
from tests.desk.handover.conftest import POINT, Cell, now, second_case

from safeconduct.desk.audit import access as record
from safeconduct.desk.cases import acts as cases
from safeconduct.desk.cases import standing, units
from safeconduct.desk.cases.errors import ReplyRefused
from safeconduct.desk.cases.models import Case, Merge, StoredEnvelope, today
from safeconduct.desk.cases.writing import Hand, Writing
from safeconduct.desk.handover import acts, codes, releasing, wall
from safeconduct.desk.handover.errors import CodesMissing, NamesThePlace, NoCodes, Stopped
from safeconduct.desk.handover.models import Handover
from safeconduct.desk.handover.records import Codes
from safeconduct.desk.handover.states import Move
from safeconduct.desk.handover.wordlists import THEY_SAY_YOU_ANSWER, WORDS
from safeconduct.vocabulary.languages import LANGUAGES

pytestmark = pytest.mark.rule("R17")
ENDS = datetime(2026, 11, 22, 12, tzinfo=UTC)
MADE = Codes(unit_says="лимон окно", person_answers="снег? сахар", expires=ENDS)


def said_in(the_cell: Cell, handover: Handover) -> Codes:
    row = now(handover)
    assert row.case is not None
    return releasing.codes_of(the_cell.planner, row, row.case)


def message(the_cell: Cell, handover: Handover, more: str = "") -> Writing:
    text = codes.text_for_person(said_in(the_cell, handover), "ru")
    return Writing(f"{text}\n{more}".strip(), seen=10**9, form="0" * 32)


@pytest.mark.parametrize("language", WORDS)
def test_a_list_has_64_short_words_that_differ(language: str) -> None:
    words = WORDS[language]
    assert len(words) == len({one.casefold() for one in words}) == 64
    assert all(one.isalpha() and len(one) <= 9 for one in words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_of_the_line_has_words_or_figures(language: str) -> None:
    made = codes.make(language, ENDS)
    assert made.unit_says != made.person_answers
    assert codes.holds_both(codes.text_for_person(made, language), made)
    assert language in THEY_SAY_YOU_ANSWER
    if language not in WORDS:
        assert made.unit_says.replace(" ", "").isdigit()


def test_the_answer_repeats_no_word_of_the_question() -> None:
    for _ in range(200):
        made = codes.make("ru", ENDS)
        assert not set(made.unit_says.split()) & set(made.person_answers.split())


@pytest.mark.parametrize(
    "text",
    [
        "Stara Balka",
        "в районе STARA",
        "12345",
        "1 2 3 4 5",
        "１２３４５",
        "ba\u200blka",
        "48.5123, 37.9876",
        "37U DB 11111 22222",
        "квадрат 4512 7788",
    ],
)
def test_what_names_the_place_is_found(text: str) -> None:
    assert codes.names_place(f"лимон окно / снег? сахар\n{text}", [POINT], MADE)


@pytest.mark.parametrize("text", ["", "Ждите, мы скажем слова.", "В 12 часов", "Запомните: 2 раза"])
def test_what_names_no_place_passes(text: str) -> None:
    assert not codes.names_place(f"лимон окно — снег? сахар\n{text}", [POINT], MADE)


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("Калинівка, млин", "Ідіть до Калинівки, біля млина"),
        ("Калинівка, млин", "чекайте, де млин"),
        ("Старая Балка", "за старой балкой"),
        ("wait at Stara Vodokachka", "Идите к Vodokachke"),
    ],
)
def test_a_place_is_found_in_whatever_case_it_stands(place: str, text: str) -> None:
    assert codes.names_place(text, ["elsewhere", place], MADE)


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("Школа, Калинівка, т. 37", "т. 37"),
        ("Школа, Калинівка, т. 37", "бачимось, 37"),
        ("точка 12345", "१२३४५"),
        ("точка 37", "النقطة ٣٧"),
        ("Яр, балка", "чекайте, Яр"),
        ("红桥村学校", "去红桥村学校"),
        ("红桥村学校", "在红桥等"),
        ("Калинівка", "go to Kalynivka"),
        ("Kalynivka", "до Калинівки"),
    ],
)
def test_a_place_is_found_in_any_script_with_any_digits_and_however_short(place: str, text: str) -> None:
    assert codes.names_place(f"лимон окно / снег? сахар {text}", [place], MADE)
    assert codes.names_place(f"{text} лимон окно / снег? сахар", [place], MADE)


def test_what_only_shares_a_digit_or_a_sign_with_a_place_passes() -> None:
    assert not codes.names_place("等 2 分钟", ["红桥村学校, 37"], MADE)


@pytest.mark.parametrize("text", ["Калина цвіте", "млинці", "Камінь"])
def test_a_word_that_only_begins_alike_is_no_place(text: str) -> None:
    assert not codes.names_place(text, ["Калинівка, млин"], MADE)


@pytest.mark.parametrize("language", THEY_SAY_YOU_ANSWER)
def test_what_stands_before_the_words_names_no_place(language: str) -> None:
    text = codes.text_for_person(MADE, language)
    assert not codes.names_place(text, THEY_SAY_YOU_ANSWER[language], MADE)


@given(before=st.text(max_size=40), after=st.text(max_size=40), name=st.sampled_from(["Balka", "Stara", "67890"]))
def test_a_name_of_the_point_is_found_wherever_it_stands(before: str, after: str, name: str) -> None:
    text = f"{before} {name} {after}"
    assert codes.names_place(text, [POINT], MADE)


def test_the_person_is_told_their_words_by_an_act_of_its_own(the_cell: Cell, case: str) -> None:
    handover = the_cell.approved(case)
    releasing.tell_codes(the_cell.planner, handover.number, message(the_cell, handover))
    assert said_in(the_cell, handover).told
    assert "handover.codes" in the_cell.recorded()


def test_a_message_with_the_place_is_refused_and_nothing_is_sent(the_cell: Cell, case: str) -> None:
    handover = the_cell.approved(case)
    before = StoredEnvelope.objects.count()
    with pytest.raises(NamesThePlace):
        releasing.tell_codes(the_cell.planner, handover.number, message(the_cell, handover, "Stara Balka"))
    assert StoredEnvelope.objects.count() == before
    assert not said_in(the_cell, handover).told


@pytest.mark.parametrize("place", ["Идите к Водокачке", "сектор River"])
def test_neither_the_fallback_nor_a_sector_stands_beside_the_words(the_cell: Cell, case: str, place: str) -> None:
    handover = the_cell.approved(case, fallback="wait at Старая Водокачка")
    with pytest.raises(NamesThePlace):
        releasing.tell_codes(the_cell.planner, handover.number, message(the_cell, handover, place))
    half = said_in(the_cell, handover).unit_says
    with pytest.raises(ReplyRefused):
        cases.reply(the_cell.planner, case, Writing(f"{place}, {half}", seen=10**9, form="1" * 32))


def test_a_message_without_both_halves_is_refused(the_cell: Cell, case: str) -> None:
    handover = the_cell.approved(case)
    half = Writing(said_in(the_cell, handover).unit_says, seen=10**9, form="0" * 32)
    with pytest.raises(CodesMissing):
        releasing.tell_codes(the_cell.planner, handover.number, half)


def test_an_ordinary_reply_never_holds_the_words(the_cell: Cell, case: str) -> None:
    handover = the_cell.approved(case)
    half = said_in(the_cell, handover).person_answers
    with pytest.raises(ReplyRefused):
        cases.reply(the_cell.planner, case, Writing(f"Stara Balka, {half}", seen=10**9, form="1" * 32))
    cases.reply(the_cell.planner, case, Writing("Stara Balka", seen=10**9, form="2" * 32))


@pytest.mark.parametrize("whose", ["merged", "member"])
def test_no_other_conversation_of_theirs_or_of_their_unit_holds_words_and_place(
    the_cell: Cell, case: str, line: Line, hand: Hand, *, whose: str
) -> None:
    other = second_case(the_cell, line, hand, "это снова я")
    if whose == "merged":
        Merge.objects.create(leading=Case.objects.get(number=case), other=Case.objects.get(number=other), day=today())
    else:
        units.add(the_cell.planner, case, line.writing(case), other)
    handover = the_cell.told(case)
    half = said_in(the_cell, handover).person_answers
    with pytest.raises(ReplyRefused):
        cases.reply(the_cell.planner, other, Writing(f"Stara Balka, {half}", seen=10**9, form="1" * 32))
    cases.reply(the_cell.planner, other, Writing("Stara Balka", seen=10**9, form="2" * 32))


def test_words_expire_after_the_window(the_cell: Cell, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    handover = the_cell.approved(case)
    written = message(the_cell, handover)
    moment = datetime.now(UTC) + timedelta(hours=5)
    monkeypatch.setattr(wall, "now", lambda: moment)
    with pytest.raises(NoCodes):
        releasing.tell_codes(the_cell.planner, handover.number, written)


def test_words_are_made_anew_with_every_approval_and_gone_with_the_outcome(the_cell: Cell, case: str) -> None:
    handover = the_cell.approved(case)
    first = said_in(the_cell, handover)
    acts.plan(the_cell.planner, handover.number, the_cell.plan(), seen=acts.mark(handover))
    acts.propose(the_cell.planner, handover.number, seen=acts.mark(now(handover)))
    acts.approve(the_cell.approver, handover.number, seen=acts.mark(now(handover)))
    assert said_in(the_cell, handover).unit_says != first.unit_says
    the_cell.tell(handover)
    releasing.release(the_cell.planner, handover.number, seen=acts.mark(now(handover)))
    releasing.tell_outcome(the_cell.planner, handover.number, Move.NOT_COME)
    assert now(handover).codes is None


@pytest.mark.rule("R5")
def test_nobody_under_duress_is_told_words(the_cell: Cell, case: str) -> None:
    handover = the_cell.approved(case)
    written = message(the_cell, handover)
    standing.freeze(the_cell.planner, case, "a voice behind them")
    with pytest.raises(Stopped, match="duress"):
        releasing.tell_codes(the_cell.planner, handover.number, written)


@pytest.mark.rule("R49", "T3")
def test_neither_words_nor_place_are_logged_recorded_or_printed(
    the_cell: Cell, case: str, line: Line, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    handover = the_cell.released(case)
    said = said_in(the_cell, handover)
    lines = record.page([the_cell.house.keys["monitor"]]).lines
    recorded = " ".join(one.told.subject for one in lines if one.told)
    everything = caplog.text + recorded + repr(said) + repr(the_cell.plan()) + str(vars(handover))
    for secret in (said.unit_says, said.person_answers, "Balka", "67890"):
        assert secret not in everything
    planted = [secret.encode() for secret in (said.unit_says, said.person_answers, POINT)]
    assert line.files_with(*planted) == set()
