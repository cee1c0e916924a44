# SPDX-License-Identifier: AGPL-3.0-or-later
"""A case on its way to the handover cell and back: who reads, who answers, and what nobody of intake can read any more."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.desk.cases.conftest import Line, Person

from safeconduct.desk.audit.models import Entry
from safeconduct.desk.cases import acts, cell, holding, instructing, journal
from safeconduct.desk.cases.errors import (
    CaseGone,
    CellRefused,
    Crossed,
    HeldByOthers,
    NoApplication,
    OfConscript,
    OfRelative,
    TransitionRefused,
    UnderDuress,
)
from safeconduct.desk.cases.models import Instruction, StoredEnvelope
from safeconduct.desk.cases.opening import Opened, rejoin
from safeconduct.desk.cases.states import ANSWERS, OWNERS, SEES, CellMove, Whose, whose_after
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators import acts as people
from safeconduct.sealing import envelope as sealing
from safeconduct.sealing.keys import PrivateKey, PublicKey
from safeconduct.vocabulary import instruction as words
from safeconduct.vocabulary.applications import ApplicationType, Kind
from safeconduct.vocabulary.records import NoteText, PersonText, ReplyText

PLACE = "мост у старой мельницы, 04:30"


@pytest.fixture
def handover(planner: Hand) -> PublicKey:
    return planner.team.public


@pytest.fixture
def number(line: Line, person: Person) -> str:
    """A soldier at the front, whose application nobody has offered yet."""
    return str(line.case(person).number)


@pytest.fixture
def offered(number: str, hand: Hand, handover: PublicKey) -> str:
    acts.read(hand, number)
    cell.offer(hand, number, handover=handover)
    return number


@pytest.fixture
def accepted(offered: str, planner: Hand) -> str:
    cell.accept(planner, offered)
    return offered


def texts(opened: Opened) -> list[str]:
    return [item.record.text for item in opened.items if isinstance(item.record, PersonText | NoteText | ReplyText)]


def shapes(opened: Opened) -> list[str]:
    return [item.shape for item in opened.items]


def wrapped_to(line: Line, row: StoredEnvelope) -> set[bytes]:
    key = line.keys.erasure.get(row.case.conversation_id)
    assert key is not None
    return {wrap.recipient for wrap in rejoin(row, key).wraps}


def arrive_for(line: Line, person: Person, text: str, key: PublicKey) -> None:
    """A message that the edge sealed to this team."""
    line.put(person, line.seal(person, PersonText(text), Kind.MESSAGE, recipients=[key]))
    line.collect()


@pytest.mark.rule("R14")
@pytest.mark.parametrize("whose", Whose)
@pytest.mark.parametrize("move", CellMove)
def test_a_case_changes_hands_only_as_listed(whose: Whose, move: CellMove) -> None:
    if (whose, move) in OWNERS:
        assert whose_after(whose, move) is OWNERS[whose, move]
        return
    with pytest.raises(TransitionRefused):
        whose_after(whose, move)


@pytest.mark.rule("R16")
def test_one_team_answers_a_case_at_any_time() -> None:
    for whose in Whose:
        assert len([team for team, theirs in ANSWERS if theirs is whose]) == 1
    assert SEES >= ANSWERS
    assert ("handover", Whose.INTAKE) not in SEES


def test_the_cell_sees_no_case_that_was_not_offered(number: str, planner: Hand) -> None:
    for act in (acts.read, cell.accept, cell.give_back):
        with pytest.raises(CaseGone):
            act(planner, number)


def test_who_is_offered_a_case_reads_all_of_it_and_answers_nothing(line: Line, offered: str, planner: Hand) -> None:
    _, opened = acts.read(planner, offered)
    assert "хочу жить" in texts(opened)
    with pytest.raises(HeldByOthers):
        acts.reply(planner, offered, line.writing("мы идём"))


@pytest.mark.django_db(transaction=True)
def test_who_has_the_case_answers_it_and_the_answer_reaches_the_person(
    line: Line, person: Person, accepted: str, planner: Hand
) -> None:
    acts.read(planner, accepted)
    acts.reply(planner, accepted, line.writing("ждите нас"))
    line.deliver()
    assert line.inbox(person) == ["ждите нас"]


@pytest.mark.rule("R16")
def test_what_the_cell_writes_and_hears_opens_for_the_cell_alone(
    line: Line, person: Person, accepted: str, hand: Hand, planner: Hand
) -> None:
    arrive_for(line, person, PLACE, planner.team.public)
    acts.read(planner, accepted)
    acts.reply(planner, accepted, line.writing("у моста"))
    acts.note(planner, accepted, line.writing("проверить мост"))
    _, opened = acts.read(hand, accepted)
    assert not any("мост" in text for text in texts(opened))
    assert shapes(opened).count("elsewhere") >= 3
    assert "хочу жить" in texts(opened)


@pytest.mark.rule("R16")
def test_intake_reads_what_still_opens_and_can_neither_answer_nor_move_it(
    line: Line, accepted: str, hand: Hand
) -> None:
    acts.read(hand, accepted)
    tried: tuple[Callable[[], None], ...] = (
        lambda: acts.reply(hand, accepted, line.writing("привет")),
        lambda: acts.settle(hand, accepted, seen=10**9),
        lambda: acts.close(hand, accepted, seen=10**9),
        lambda: acts.put_back(hand, accepted),
    )
    for act in tried:
        with pytest.raises(HeldByOthers):
            act()


@pytest.mark.rule("R16")
def test_what_came_to_intake_after_the_taking_over_is_passed_on_unread(
    line: Line, person: Person, accepted: str, hand: Hand, planner: Hand
) -> None:
    arrive_for(line, person, PLACE, hand.team.public)  # the edge had not heard of it yet
    row = line.last(person)
    _, opened = acts.read(hand, accepted)
    assert PLACE not in texts(opened)
    row.refresh_from_db()
    assert row.opened_day is None
    assert wrapped_to(line, row) == {planner.team.public.key_id}
    assert PLACE in texts(acts.read(planner, accepted)[1])


@pytest.mark.rule("R5")
def test_an_answer_of_the_cell_leaves_waiting_what_lies_unopened_with_intake(
    line: Line, person: Person, accepted: str, hand: Hand, planner: Hand
) -> None:
    acts.read(planner, accepted)
    line.write(person, "берёза", duress=True)  # the edge had not heard of it yet
    line.collect()
    seen = acts.read(planner, accepted)[1].last_seen
    acts.reply(planner, accepted, line.writing("ждите", seen=seen))
    assert line.case(person).waiting_since is not None
    for act in (acts.settle, acts.close):
        with pytest.raises(Crossed):
            act(planner, accepted, seen=seen)
    acts.read(hand, accepted)
    acts.read(planner, accepted)
    assert line.case(person).frozen_day is not None


@pytest.mark.rule("R5")
def test_an_answer_of_the_cell_ends_the_wait_when_everything_was_opened(
    line: Line, person: Person, accepted: str, planner: Hand
) -> None:
    arrive_for(line, person, "когда?", planner.team.public)
    seen = acts.read(planner, accepted)[1].last_seen
    acts.reply(planner, accepted, line.writing("ждите", seen=seen))
    assert line.case(person).waiting_since is None


def test_what_comes_while_a_case_is_offered_is_read_by_both(
    line: Line, person: Person, offered: str, hand: Hand, planner: Hand
) -> None:
    arrive_for(line, person, "когда?", hand.team.public)
    acts.read(hand, offered)
    acts.note(hand, offered, line.writing("ждёт ответа"))
    for one in (planner, hand):
        assert {"когда?", "ждёт ответа"} <= set(texts(acts.read(one, offered)[1]))


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        pytest.param(ApplicationType.RELATIVE, OfRelative, marks=pytest.mark.rule("R6")),
        pytest.param(ApplicationType.CONSCRIPT, OfConscript, marks=pytest.mark.rule("R7")),
    ],
)
def test_relatives_and_conscripts_never_reach_the_cell(
    line: Line, hand: Hand, handover: PublicKey, said: ApplicationType, refusal: type[CellRefused]
) -> None:
    someone = line.apply(line.new_person(), "прошу", type=said)
    line.collect()
    number = line.case(someone).number
    before = Entry.objects.count()
    with pytest.raises(refusal):
        cell.offer(hand, number, handover=handover)
    assert line.case(someone).with_cell == ""
    assert Entry.objects.count() == before + 1
    assert wrapped_to(line, line.last(someone)) == {hand.team.public.key_id}


@pytest.mark.rule("R7")
def test_nobody_is_handed_over_who_has_not_said_what_they_are(
    line: Line, writer: Person, hand: Hand, handover: PublicKey
) -> None:
    with pytest.raises(NoApplication):
        cell.offer(hand, line.case(writer).number, handover=handover)


@pytest.mark.rule("R7")
def test_who_turns_out_to_be_a_conscript_after_the_offer_is_not_taken_over(
    line: Line, person: Person, offered: str, hand: Hand, planner: Hand
) -> None:
    line.put(person, line.seal(person, person.facts(type=ApplicationType.CONSCRIPT), Kind.APPLICATION))
    line.collect()
    acts.read(hand, offered)
    with pytest.raises(OfConscript):
        cell.accept(planner, offered)


@pytest.mark.rule("R5")
def test_duress_stops_the_offer_and_the_taking_over(
    line: Line, person: Person, offered: str, hand: Hand, planner: Hand
) -> None:
    line.write(person, "берёза", duress=True)
    line.collect()
    acts.read(hand, offered)
    with pytest.raises(UnderDuress):
        cell.accept(planner, offered)
    with pytest.raises(UnderDuress):
        cell.offer(hand, offered, handover=planner.team.public)
    assert line.case(person).with_cell == "offered"
    assert not Instruction.objects.exists()


@pytest.mark.rule("R5")
def test_a_case_under_duress_stays_with_the_cell(
    line: Line, person: Person, accepted: str, planner: Hand, handover: PublicKey
) -> None:
    line.put(person, line.seal(person, PersonText("берёза", duress=True), Kind.MESSAGE, recipients=[handover]))
    line.collect()
    acts.read(planner, accepted)
    with pytest.raises(UnderDuress):
        cell.give_back(planner, accepted)
    assert line.case(person).with_cell == "cell"


@pytest.mark.rule("R16")
@pytest.mark.django_db(transaction=True)
def test_a_place_that_is_moved_is_readable_by_intake_nowhere(
    line: Line, person: Person, hand: Hand, planner: Hand
) -> None:
    line.write(person, PLACE)
    line.collect()
    number = str(line.case(person).number)
    row = line.last(person)
    acts.read(hand, number)
    before, wraps = bytes(row.wraps), wrapped_to(line, row)
    assert wraps == {hand.team.public.key_id}
    cell.move_place(hand, number, bytes(row.envelope), handover=planner.team.public)
    row.refresh_from_db()
    assert wrapped_to(line, row) == {planner.team.public.key_id}
    assert PLACE not in texts(acts.read(hand, number)[1])
    assert journal.empty()
    connection.close()  # its cache of pages is no file, but the last writer's checkpoint is
    assert line.files_with(before, *pieces(before)) == set()
    cell.offer(hand, number, handover=planner.team.public)
    assert PLACE in texts(acts.read(planner, number)[1])


def pieces(blob: bytes) -> list[bytes]:
    """Parts of a blob that would betray it where a page broke it in two."""
    return [blob[at : at + 64] for at in range(0, len(blob) - 64, 64)]


@pytest.mark.rule("R5")
def test_moving_the_message_with_the_agreed_word_hides_duress_from_nobody(
    line: Line, person: Person, hand: Hand, handover: PublicKey
) -> None:
    line.write(person, PLACE, duress=True)
    line.collect()
    number = str(line.case(person).number)
    cell.move_place(hand, number, bytes(line.last(person).envelope), handover=handover)
    _, opened = acts.read(hand, number)
    assert PLACE not in texts(opened)
    assert opened.is_under_duress


def test_moving_twice_changes_nothing_and_is_recorded_once(
    line: Line, person: Person, offered: str, hand: Hand, handover: PublicKey
) -> None:
    envelope = bytes(line.last(person).envelope)
    entries = []
    for _ in range(2):
        cell.move_place(hand, offered, envelope, handover=handover)
        entries.append(Entry.objects.count())
    assert entries[0] == entries[1]


@pytest.mark.rule("R16")
def test_what_is_given_back_lets_intake_answer_and_shows_no_place(
    line: Line, person: Person, accepted: str, hand: Hand, planner: Hand
) -> None:
    arrive_for(line, person, PLACE, planner.team.public)
    harmless = "спасибо"
    arrive_for(line, person, harmless, planner.team.public)
    named = bytes(line.last(person).envelope)
    acts.read(planner, accepted)
    cell.give_back(planner, accepted, also=[named])
    _, opened = acts.read(hand, accepted)
    assert harmless in texts(opened)
    assert PLACE not in texts(opened)
    acts.reply(hand, accepted, line.writing("мы снова здесь"))
    with pytest.raises(CaseGone):
        acts.read(planner, accepted)


@pytest.mark.rule("R16")
def test_what_intake_has_again_the_cells_key_no_longer_opens(
    line: Line, person: Person, accepted: str, planner: Hand
) -> None:
    cell.give_back(planner, accepted)
    rows = line.case(person).envelopes.select_related("case")
    assert not any(planner.team.public.key_id in wrapped_to(line, row) for row in rows)


def test_an_offer_that_is_declined_leaves_the_case_as_it_was(
    line: Line, person: Person, offered: str, hand: Hand, planner: Hand
) -> None:
    cell.give_back(planner, offered)
    assert line.case(person).with_cell == ""
    assert not Instruction.objects.exists()
    acts.reply(hand, offered, line.writing("мы здесь"))


@pytest.mark.rule("T6")
def test_only_the_planner_takes_over_and_only_intake_offers(offered: str, hand: Hand, planner: Hand) -> None:
    tried: tuple[Callable[[], None], ...] = (
        lambda: cell.accept(hand, offered),
        lambda: cell.give_back(hand, offered),
        lambda: cell.offer(planner, offered, handover=planner.team.public),
        lambda: cell.move_place(planner, offered, bytes(16), handover=planner.team.public),
    )
    for act in tried:
        with pytest.raises(CaseGone):
            act()


@pytest.mark.rule("R16")
def test_what_only_the_cell_could_read_is_destroyed_and_the_rest_stays(
    line: Line, person: Person, accepted: str, hand: Hand, handover: PublicKey
) -> None:
    arrive_for(line, person, PLACE, handover)
    place = bytes(line.last(person).wraps)
    assert cell.forget_places(accepted, keys=line.keys) == 1
    assert not any(bytes(row.wraps) == place for row in line.case(person).envelopes.all())
    assert "хочу жить" in texts(acts.read(hand, accepted)[1])
    assert line.files_with(place) <= {Path(connection.settings_dict["NAME"]).name + "-wal"}


@pytest.mark.django_db(transaction=True)
def test_the_edge_is_told_once_and_told_again_when_the_case_goes_back(
    line: Line, person: Person, accepted: str, planner: Hand
) -> None:
    assert [line.instruct(), line.instruct()] == [1, 0]
    first = line.instruction(person)
    assert (first.team, first.key_id) == ("handover", planner.team.public.key_id)
    cell.give_back(planner, accepted)
    assert line.instruct() == 1
    second = line.instruction(person)
    assert second.team == "intake"
    assert second.serial > first.serial


@pytest.mark.rule("T9")
@pytest.mark.django_db(transaction=True)
def test_an_instruction_that_was_cut_short_is_told_again(line: Line, person: Person, accepted: str) -> None:
    (telling,) = instructing.due(line.keys, 10)
    line.run(line.spool.commit(telling.commit))  # the desk was killed before it could note it
    assert line.instruct() == 1
    assert line.instruction(person).team == "handover"
    assert line.instruct() == 0


@pytest.mark.rule("R48")
@pytest.mark.django_db(transaction=True)
def test_an_erasure_takes_the_instruction_along(line: Line, person: Person, accepted: str) -> None:
    line.instruct()
    line.erase(person)
    assert line.run(line.spool.kept(words.KIND, person.conversation)) is None
    line.collect()
    assert not Instruction.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_instruction_for_a_conversation_that_ended_is_given_up(line: Line, person: Person, accepted: str) -> None:
    line.erase(person)  # the notice has not been collected yet
    assert line.instruct() == 1
    assert line.instruct() == 0


@pytest.mark.django_db(transaction=True)
def test_the_edge_is_told_the_cells_new_key(line: Line, person: Person, accepted: str) -> None:
    line.instruct()
    newer = PrivateKey.generate()
    people.found_team("handover", newer.public, demonstration=True)
    assert line.instruct() == 1
    assert line.instruction(person).key_id == newer.public.key_id


@pytest.mark.rule("T9")
def test_of_two_planners_one_takes_the_case_over(accepted: str, planner: Hand) -> None:
    with pytest.raises(TransitionRefused):
        cell.accept(planner, accepted)
    cell.give_back(planner, accepted)
    with pytest.raises(CaseGone):
        cell.give_back(planner, accepted)


@pytest.mark.rule("T9")
@pytest.mark.django_db(transaction=True)
def test_a_long_conversation_is_sealed_anew_before_anybody_is_held_up(
    line: Line, person: Person, hand: Hand, handover: PublicKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside: list[bool] = []
    add = sealing.add_wrap

    def watched(*given: Any) -> Any:
        inside.append(connection.in_atomic_block)
        return add(*given)

    monkeypatch.setattr(sealing, "add_wrap", watched)
    cell.offer(hand, line.case(person).number, handover=handover)
    assert inside == [False, False]
    assert all(handover.key_id in wrapped_to(line, row) for row in line.case(person).envelopes.select_related("case"))


@pytest.mark.django_db(transaction=True)
def test_a_row_that_a_rotation_changes_meanwhile_is_not_set_back(
    line: Line, person: Person, hand: Hand, handover: PublicKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = PrivateKey.generate().public
    made_ahead = holding.made_ahead

    def rotated(*given: Any) -> Any:
        ahead = made_ahead(*given)
        rows = line.case(person).envelopes.select_related("case")
        holding.rewrap_all(hand, rows, lambda _row, whole, key: sealing.add_wrap(whole, key, newer))
        return ahead

    monkeypatch.setattr(holding, "made_ahead", rotated)
    cell.offer(hand, line.case(person).number, handover=handover)
    for row in line.case(person).envelopes.filter(author=None).select_related("case"):
        assert wrapped_to(line, row) == {hand.team.public.key_id, newer.key_id, handover.key_id}
