# SPDX-License-Identifier: AGPL-3.0-or-later
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags
from tests.desk.cases.conftest import Line, Person
from tests.desk.conftest import House

from safeconduct.desk.audit.models import Entry
from safeconduct.desk.cases import acts, queue
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.queue import Filters, Place
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.applications import Stage, Urgency

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def wait(number: int, urgency: Urgency, minutes: int, language: str = "ru") -> Case:
    return Case.objects.create(
        number=f"26-{number:04}",
        conversation=number.to_bytes(16),
        last_day=NOW.date(),
        waiting_since=NOW - timedelta(minutes=minutes),
        urgency=urgency.value,
        language=language,
        channel="web",
        kind="message",
    )


def numbers(answer: Any) -> list[str]:
    return re.findall(r'id="case-([0-9-]+)"', answer.content.decode())


def test_the_urgent_come_first_and_then_whoever_waited_longest(line: Line, operator: Client) -> None:
    wait(1, Urgency.LATER, 900)
    wait(2, Urgency.NOW, 5)
    wait(3, Urgency.SOON, 60)
    wait(4, Urgency.NOW, 30)
    assert numbers(operator.get("/queue/")) == ["26-0004", "26-0002", "26-0003", "26-0001"]


@pytest.mark.parametrize("language", ["", "uk"])
def test_paging_shows_every_waiting_case_once_and_in_order(db: None, language: str) -> None:
    for number in range(170):
        wait(number, Urgency(1 + number % 3), number // 7, "uk" if number % 2 else "ru")
    everybody = Case.objects.filter(language=language) if language else Case.objects.all()
    expected = list(everybody.order_by("-urgency", "waiting_since", "pk").values_list("pk", flat=True))
    found: list[int] = []
    after: Place | None = None
    while page := queue.waiting(Filters(language), after):
        found += [case.pk for case in page.cases]
        if not page.further:
            break
        after = Place.read(page.further)
    assert found == expected


def test_filters_show_one_language_or_one_step(line: Line, operator: Client) -> None:
    wait(1, Urgency.NOW, 1, "uk")
    wait(2, Urgency.SOON, 1, "uk")
    wait(3, Urgency.NOW, 1, "ar")
    assert numbers(operator.get("/queue/?language=uk")) == ["26-0001", "26-0002"]
    assert numbers(operator.get("/queue/?language=uk&urgency=2")) == ["26-0002"]
    assert numbers(operator.get("/queue/?urgency=3")) == ["26-0001", "26-0003"]


@pytest.mark.rule("T8")
@pytest.mark.parametrize(
    "asked", ["language=%00", "urgency=9", "after=x", "after=1.99999999999999999999999.2", "after=3.-5.1"]
)
def test_nonsense_in_the_address_is_the_plain_queue(line: Line, operator: Client, asked: str) -> None:
    wait(1, Urgency.SOON, 1)
    assert operator.get(f"/queue/?{asked}").status_code == 200


def test_an_empty_queue_says_what_happens_next(line: Line, operator: Client) -> None:
    assert "appear here by themselves" in operator.get("/queue/").content.decode()
    assert "Show everybody who waits" in operator.get("/queue/?language=uk").content.decode()


def test_the_queue_looks_again_by_itself_and_answers_only_when_something_changed(line: Line, operator: Client) -> None:
    first = operator.get("/queue/").content.decode()
    live = re.search(r'id="rows" hx-get="([^"]+)"', first)
    assert live is not None
    address = live.group(1).replace("&amp;", "&")
    assert operator.get(address, headers={"HX-Request": "true"}).status_code == 204
    wait(1, Urgency.NOW, 1)
    fresh = operator.get(address, headers={"HX-Request": "true"})
    assert fresh.status_code == 200
    assert numbers(fresh) == ["26-0001"]


@pytest.mark.rule("T3")
def test_what_waits_for_nothing_is_listed_by_day_alone(
    line: Line, person: Person, hand: Hand, operator: Client
) -> None:
    number = line.case(person).number
    acts.read(hand, number)
    acts.settle(hand, number, seen=10**9)
    page = operator.get("/queue/answered/").content.decode()
    assert number in page
    assert "Web" not in strip_tags(page)
    assert numbers(operator.get("/queue/")) == []


@pytest.mark.parametrize("said", ["26-0001", "260001", "26 0001", "26–0001"])
def test_a_case_is_found_by_its_number_however_it_is_typed(line: Line, operator: Client, said: str) -> None:
    wait(1, Urgency.NOW, 1)
    answer = operator.get("/queue/find/", {"number": said})
    assert answer.headers["Location"] == "/cases/26-0001/"


@pytest.mark.parametrize("said", ["", "1", "99-9999", "<b>", "٢٦٠٠٠١"])
def test_a_number_of_nobody_says_so(line: Line, operator: Client, said: str) -> None:
    answer = operator.get("/queue/find/", {"number": said})
    assert answer.status_code == 404
    assert "No case has this number" in answer.content.decode()


def told(browser: Client, number: str) -> list[tuple[int, str, str]]:
    """What the desk answers to who asks for this number, or polls a page of it, but for that number and its own tokens."""
    asked = [("/queue/find/", {"number": number}), (f"/cases/{number}/news/", {"seen": "0"})]
    answers = [browser.get(path, said, headers={"HX-Request": "true"}) for path, said in asked]
    said = [(one.headers.get("HX-Redirect", ""), one.content.decode()) for one in answers]
    plain = [tuple(re.sub(f"{number}|[A-Za-z0-9]{{64}}", "", text) for text in both) for both in said]
    return [(answer.status_code, to, body) for answer, (to, body) in zip(answers, plain, strict=True)]


@pytest.mark.rule("R16")
def test_a_case_that_somebody_may_not_see_is_to_them_as_one_that_is_not_there(
    line: Line, person: Person, house: House, operator: Client
) -> None:
    number, planning = str(line.case(person).number), house.signed_in(Role.PLANNER)
    nobody = "26-9999"
    assert told(planning, number) == told(planning, nobody)
    assert told(operator, number) != told(operator, nobody)


def test_who_sees_no_duty_is_not_told_that_nobody_on_duty_understands(
    line: Line, house: House, operator: Client
) -> None:
    wait(1, Urgency.NOW, 5, "ko-KP")
    assert 'id="unspoken"' in operator.get("/queue/").content.decode()
    for role in (Role.PLANNER, Role.APPROVER):
        assert 'id="unspoken"' not in house.signed_in(role).get("/queue/").content.decode()


def test_looking_at_the_queue_opens_and_records_nothing(line: Line, person: Person, operator: Client) -> None:
    before = Entry.objects.count()
    operator.get("/queue/")
    assert Entry.objects.count() == before
    assert line.case(person).state == "new"


def test_an_erased_case_is_gone_from_the_queue_at_once(line: Line, operator: Client) -> None:
    someone = line.apply_new("?", stage=Stage.HOME)
    line.collect()
    number = line.case(someone).number
    assert numbers(operator.get("/queue/")) == [number]
    line.erase(someone)
    line.collect()
    assert numbers(operator.get("/queue/")) == []
    assert operator.get(f"/cases/{number}/").status_code == 404
