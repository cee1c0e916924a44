# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a case needs of whoever answers it: sealed to its team, opened by the queue alone, and never a reason to wait too long."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone
from tests.desk.cases.conftest import Line, Person
from tests.desk.cases.test_cell import wrapped_to
from tests.desk.cases.test_claiming import has, speaks
from tests.desk.conftest import House

from safeconduct.desk.audit import access as record
from safeconduct.desk.cases import acts, cell, merging, needs, opening, routing
from safeconduct.desk.cases.errors import CaseGone, HeldByOthers, NeedRefused, NotReadYet
from safeconduct.desk.cases.models import Case, Merge, StoredEnvelope, today
from safeconduct.desk.cases.needs import OPENED_MOST, Opener
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators import acts as people
from safeconduct.desk.operators import duty_acts, rotation_acts
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.casework import NEED_WIDTH, CaseNeed
from safeconduct.vocabulary.records import encode
from safeconduct.vocabulary.skills import NEEDED

CODES = [skill.encode() for skill in NEEDED]


@pytest.fixture
def number(line: Line, person: Person, hand: Hand) -> str:
    """Of a case that the operator has read."""
    found = line.case(person).number
    acts.read(hand, found)
    return str(found)


@pytest.fixture
def other_hand(house: House, line: Line) -> Hand:
    someone = house.person(Role.SUPERVISOR)
    return Hand(someone.operator, house.opened(someone), line.team, line.keys)


@pytest.fixture
def openings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The rows that were opened, one by one."""
    seen: list[int] = []
    whole = opening.rejoin

    def counted(row: StoredEnvelope, *said: Any) -> Any:
        seen.append(row.pk)
        return whole(row, *said)

    monkeypatch.setattr(opening, "rejoin", counted)
    return seen


@pytest.fixture
def both_on_duty(house: House) -> tuple[Operator, Operator]:
    """The operator and, with minors among what they are trained for, the supervisor."""
    for role in (Role.OPERATOR, Role.SUPERVISOR):
        speaks(house.person(role).operator, "ru")
        house.signed_in(role).post("/duty/begin/")
    trained(house, Role.SUPERVISOR, "minors")
    return house.person(Role.OPERATOR).operator, house.person(Role.SUPERVISOR).operator


def trained(house: House, role: Role, *skills: str) -> None:
    duty_acts.set_skills(house.person(Role.SUPERVISOR).operator, house.person(role).operator, skills)


def waiting_long(line: Line, person: Person, minutes: int) -> None:
    Case.objects.filter(pk=line.case(person).pk).update(waiting_since=timezone.now() - timedelta(minutes=minutes))


def say(line: Line, hand: Hand, person: Person, *skills: str, gives_back: bool = True) -> str:
    number = str(line.case(person).number)
    acts.read(hand, number)
    needs.say(hand, number, skills, gives_back=gives_back)
    return number


def needed(hand: Hand, line: Line, person: Person) -> set[str]:
    case = line.case(person)
    return set(Opener(hand)([case]).get(case.pk, ()))


def need_row(line: Line, person: Person) -> StoredEnvelope:
    return line.case(person).envelopes.get(pk=line.case(person).need_row or 0)


def test_who_has_read_a_case_says_what_it_needs_and_gives_it_back(
    line: Line, person: Person, number: str, hand: Hand, other_hand: Hand
) -> None:
    assert has(line.case(person)) == hand.operator.name
    needs.say(hand, number, ["relatives", "minors"], gives_back=True)
    assert has(line.case(person)) is None
    assert needed(other_hand, line, person) == {"minors", "relatives"}
    needs.say(other_hand_reads(other_hand, number), number, ["legal"], gives_back=False)
    assert has(line.case(person)) == other_hand.operator.name
    assert needed(hand, line, person) == {"legal"}


def other_hand_reads(hand: Hand, number: str) -> Hand:
    acts.read(hand, number)
    return hand


def test_a_need_is_taken_away_by_saying_none_and_the_same_again_writes_nothing(
    line: Line, person: Person, number: str, hand: Hand
) -> None:
    needs.say(hand, number, ["medical"], gives_back=False)
    rows = StoredEnvelope.objects.count()
    needs.say(hand, number, ["medical"], gives_back=False)
    assert StoredEnvelope.objects.count() == rows
    needs.say(hand, number, [], gives_back=False)
    assert needed(hand, line, person) == set()


def test_of_an_answered_case_it_is_said_and_the_case_waits_again(line: Line, answered: Person, hand: Hand) -> None:
    number = line.case(answered).number
    needs.say(hand, number, ["distress"], gives_back=False)
    assert line.case(answered).waiting_since is None
    needs.say(hand, number, ["distress"], gives_back=True)
    assert (line.case(answered).state, has(line.case(answered))) == ("open", None)


@pytest.mark.rule("T6")
def test_who_has_not_read_it_or_does_not_answer_it_or_names_what_is_not_in_the_list_says_nothing(
    number: str, hand: Hand, other_hand: Hand, planner: Hand
) -> None:
    with pytest.raises(NotReadYet):
        needs.say(other_hand, number, ["legal"], gives_back=True)
    with pytest.raises(CaseGone):
        needs.say(planner, number, ["legal"], gives_back=True)
    for nonsense in ("telephone", "poison"):
        with pytest.raises(NeedRefused):
            needs.say(hand, number, [nonsense], gives_back=True)
    assert Case.objects.get(number=number).need_row is None


@pytest.mark.rule("T3")
def test_nothing_in_clear_tells_which_need_it_is_nor_whether_there_is_still_one(
    line: Line, person: Person, number: str, hand: Hand
) -> None:
    sizes = set()
    for said in ([], ["legal"], ["minors"], list(NEEDED), []):
        needs.say(hand, number, said or ["units"], gives_back=False)
        needs.say(hand, number, said, gives_back=False)
        row = need_row(line, person)
        sizes.add((len(row.core), len(row.wraps)))
        assert not any(code in bytes(row.core) + bytes(row.wraps) for code in CODES)
    assert len(sizes) == 1
    assert len({len(encode(CaseNeed.of(said))) for said in ([], ["legal"], NEEDED)}) == 1
    assert len(" ".join(NEEDED)) < NEED_WIDTH / 2  # there is room for more of them


@pytest.mark.rule("R49")
def test_it_is_recorded_that_somebody_said_it_and_not_what(house: House, number: str, hand: Hand) -> None:
    needs.say(hand, number, ["legal"], gives_back=False)
    lines = [line.told for line in record.page([house.keys["monitor"]]).lines if line.told]
    assert [(one.actor, one.subject) for one in lines if one.act == "cases.need"] == [("operator one", number)]
    assert not any("legal" in one.subject for one in lines)


def test_the_case_itself_tells_who_said_it(line: Line, person: Person, number: str, hand: Hand) -> None:
    needs.say(hand, number, ["legal"], gives_back=False)
    records = [item.record for item in line.opened(person).items]
    assert CaseNeed.of(["legal"]) in records


@pytest.mark.rule("R48")
def test_it_is_gone_with_the_case(line: Line, person: Person, number: str, hand: Hand) -> None:
    needs.say(hand, number, ["legal"], gives_back=False)
    case, row = line.case(person), need_row(line, person)
    line.keys.erasure.destroy(person.conversation)
    assert Opener(hand)([case]) == {}
    line.erase(person)
    line.collect()
    assert not StoredEnvelope.objects.filter(pk=row.pk).exists()
    assert Opener(hand)([case]) == {}


@pytest.mark.rule("T13")
def test_a_row_that_somebody_put_into_the_database_is_no_need(
    line: Line, person: Person, number: str, hand: Hand
) -> None:
    needs.say(hand, number, ["legal"], gives_back=False)
    row = need_row(line, person)
    other = line.apply_new("допоможіть")
    line.collect()
    Case.objects.filter(pk=line.case(other).pk).update(need_row=row.pk)  # another case's
    assert needed(hand, line, other) == set()
    core = bytearray(row.core)
    core[-1] ^= 1
    StoredEnvelope.objects.filter(pk=row.pk).update(core=bytes(core))
    assert needed(hand, line, person) == set()


@pytest.mark.rule("T3")
def test_a_new_key_opens_it_and_the_old_one_no_more(
    house: House, line: Line, person: Person, number: str, hand: Hand
) -> None:
    needs.say(hand, number, ["legal"], gives_back=True)
    someone = house.person(Role.OPERATOR)
    keyring = Keyring(someone.operator, house.opened(someone))
    rotation_acts.begin(keyring, "intake")
    rotation_acts.work(Keyring(someone.operator, house.opened(someone)), "intake", seconds=60)
    newest = Keyring(someone.operator, house.opened(someone)).team_private("intake")
    row = need_row(line, person)
    assert wrapped_to(line, row) == {newest.public.key_id}
    assert needed(Hand(hand.operator, hand.private, newest, hand.keys), line, person) == {"legal"}
    assert needed(hand, line, person) == set()


@pytest.mark.rule("R16")
def test_it_goes_to_the_cell_with_the_case_and_comes_back_with_it(
    line: Line, person: Person, number: str, hand: Hand, planner: Hand
) -> None:
    needs.say(hand, number, ["medical"], gives_back=False)
    cell.offer(hand, number, handover=planner.team.public)
    assert (needed(hand, line, person), needed(planner, line, person)) == ({"medical"}, {"medical"})
    cell.accept(planner, number)
    assert (needed(hand, line, person), needed(planner, line, person)) == (set(), {"medical"})
    with pytest.raises(HeldByOthers):
        needs.say(hand, number, ["legal"], gives_back=False)
    acts.read(planner, number)
    needs.say(planner, number, ["units"], gives_back=False)
    cell.give_back(planner, number)
    assert (needed(hand, line, person), needed(planner, line, person)) == ({"units"}, set())


@pytest.mark.rule("R50")
def test_cases_that_were_brought_together_keep_what_each_needs_and_apart_again_their_own(
    line: Line, person: Person, number: str, hand: Hand
) -> None:
    other, third = line.apply_new("це знову я"), line.apply_new("і ще раз")
    line.collect()
    needs.say(hand, number, ["legal"], gives_back=True)
    say(line, hand, third, "minors")
    Merge.objects.create(leading=line.case(person), other=line.case(other), day=today())
    merge = Merge.objects.create(leading=line.case(other), other=line.case(third), day=today())
    assert len(merging.linked(line.case(person))) == 2
    assert needed(hand, line, person) == needed(hand, line, other) == {"legal", "minors"}
    Merge.objects.filter(pk=merge.pk).update(undone_day=today())
    assert (needed(hand, line, other), needed(hand, line, third)) == ({"legal"}, {"minors"})


def test_next_prefers_whom_i_am_trained_for_and_leaves_to_a_colleague_whom_only_they_are(
    line: Line, house: House, hand: Hand, other_hand: Hand, both_on_duty: tuple[Operator, Operator]
) -> None:
    plain, child = line.apply_new("перший"), line.apply_new("мені п'ятнадцять")
    line.collect()
    number = say(line, other_hand, child, "minors")
    waiting_long(line, child, 2)
    assert routing.next_for(both_on_duty[1], Opener(other_hand)) == number
    acts.read(other_hand, number)
    needs.say(other_hand, number, ["minors"], gives_back=True)
    assert routing.next_for(both_on_duty[0], Opener(hand)) == line.case(plain).number
    assert routing.next_for(both_on_duty[0], Opener(hand)) is None


@pytest.mark.usefixtures("both_on_duty")
@pytest.mark.parametrize("why", ["late", "off duty", "full", "language", "untrained"])
def test_nobody_waits_for_a_skill_longer_than_promised_nor_where_nobody_on_duty_could_answer(
    line: Line, house: House, hand: Hand, other_hand: Hand, why: str
) -> None:
    child = line.apply_new("мені п'ятнадцять")
    line.collect()
    number, mine, theirs = say(line, other_hand, child, "minors"), hand.operator, other_hand.operator
    assert routing.next_for(mine, Opener(hand)) is None
    if why == "late":
        waiting_long(line, child, 4)  # of five that were promised
    elif why == "off duty":
        house.person(Role.SUPERVISOR).browser.post("/duty/end/")
    elif why == "full":
        other = line.apply_new("інша людина")
        line.collect()
        speaks(theirs, "ru", capacity=1)
        acts.read(other_hand, line.case(other).number)
    elif why == "language":
        speaks(theirs, "ar")
    else:
        trained(house, Role.SUPERVISOR, "legal")
    assert routing.next_for(mine, Opener(hand)) == number


def test_fifty_needs_are_opened_at_most_no_case_with_them_and_whoever_comes_after_is_not_left_waiting(
    line: Line, house: House, hand: Hand, both_on_duty: tuple[Operator, Operator], openings: list[int]
) -> None:
    crowd = [line.apply_new("дитина") for _ in range(OPENED_MOST + 5)]
    line.collect()
    for one in crowd:
        say(line, hand, one, "minors")
    rows = set(Case.objects.values_list("need_row", flat=True))
    openings.clear()
    assert routing.next_for(both_on_duty[0], Opener(hand)) == line.case(crowd[OPENED_MOST]).number
    assert len(openings) == OPENED_MOST
    assert set(openings) <= rows


def test_the_queue_opens_what_is_needed_and_nothing_where_nothing_is(
    line: Line, number: str, hand: Hand, operator: Client, openings: list[int]
) -> None:
    openings.clear()
    assert "needs:" not in operator.get("/queue/").content.decode()
    assert openings == []
    needs.say(hand, number, ["minors"], gives_back=True)
    openings.clear()
    assert "Minors</span>" in operator.get("/queue/rows/").content.decode()
    assert openings == [Case.objects.get().need_row]


@pytest.mark.rule("T6")
def test_another_team_and_who_was_not_let_in_yet_see_no_need(
    line: Line, person: Person, number: str, hand: Hand, house: House
) -> None:
    needs.say(hand, number, ["minors"], gives_back=True)
    assert "Minors" not in house.signed_in(Role.PLANNER).get("/queue/").content.decode()
    waits = house.newcomer(people.add_operator("not let in", Role.OPERATOR))
    waits.sign_in()
    page = waits.browser.get("/queue/")
    assert page.status_code == 200
    assert number in page.content.decode()
    assert "Minors" not in page.content.decode()


def test_the_page_takes_it_shows_it_and_leads_to_the_queue(
    line: Line, person: Person, number: str, operator: Client, colleague: Client
) -> None:
    said = {"skills": ["minors", "legal"], "do": "back"}
    assert operator.post(f"/cases/{number}/need/", said).headers["Location"] == "/queue/"
    page = colleague.get(f"/cases/{number}/").content.decode()
    assert "Somebody trained for:" in page
    assert 'value="legal" checked' in page
    assert "operator one: needs somebody trained for this: Minors, Questions of law" in page
    assert operator.post(f"/cases/{number}/need/", said | {"do": "keep"}).headers["Location"] == f"/cases/{number}/"
    for nonsense in ({"do": "x"}, {"do": "back", "skills": ["x"]}):
        assert operator.post(f"/cases/{number}/need/", nonsense).status_code == 404


def test_who_posts_without_having_read_it_is_shown_the_case(line: Line, person: Person, colleague: Client) -> None:
    number = line.case(person).number
    answer = colleague.post(f"/cases/{number}/need/", {"skills": ["legal"], "do": "back"})
    assert answer.headers["Location"] == f"/cases/{number}/"
    assert line.case(person).need_row is None


@pytest.mark.django_db(transaction=True)
def test_two_who_say_it_at_once_leave_one_whole_need(
    line: Line, person: Person, number: str, hand: Hand, other_hand: Hand
) -> None:
    acts.read(other_hand, number)
    in_parallel(
        lambda: needs.say(hand, number, ["legal"], gives_back=True),
        lambda: needs.say(other_hand, number, ["minors"], gives_back=False),
    )
    said = [item.record.skills for item in line.opened(person).items if isinstance(item.record, CaseNeed)]
    assert sorted(said) == [("legal",), ("minors",)]
    assert needed(hand, line, person) == set(said[-1])


@pytest.mark.django_db(transaction=True)
def test_two_who_press_next_at_once_get_two_cases_of_what_they_are_trained_for(
    line: Line, house: House, hand: Hand, other_hand: Hand, both_on_duty: tuple[Operator, Operator]
) -> None:
    trained(house, Role.OPERATOR, "minors")
    children = [line.apply_new("дитина") for _ in range(2)]
    line.apply_new("інша людина")
    line.collect()
    numbers = {say(line, hand, one, "minors") for one in children}
    given_out: list[str | None] = []
    in_parallel(
        lambda: given_out.append(routing.next_for(both_on_duty[0], Opener(hand))),
        lambda: given_out.append(routing.next_for(both_on_duty[1], Opener(other_hand))),
    )
    assert set(given_out) == numbers


def in_parallel(*acts_at_once: Callable[[], object]) -> None:
    start, failed = threading.Barrier(len(acts_at_once)), []

    def work(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(one,)) for one in acts_at_once]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
