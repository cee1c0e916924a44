# SPDX-License-Identifier: AGPL-3.0-or-later
"""The medical office's pages: who opens them, and what they leave in clear."""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pytest
from django.test import Client
from tests.custody.conftest import ARRIVAL, SOMEBODY
from tests.desk.conftest import House

from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.audit import access as record
from safeconduct.desk.custody import acts, printing
from safeconduct.desk.custody import watching as duties
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Camp, Event, Owed, Person, Sealed
from safeconduct.desk.custody.row_names import Table, name
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.paper.content import Form
from safeconduct.paper.wording import AVAILABLE
from safeconduct.vocabulary.custody import CampKind, PersonEvent

Doors = Callable[[Role], Client]
NEXT = ARRIVAL + timedelta(days=30)


@pytest.fixture
def medic(desk_of: Doors) -> Client:
    return desk_of(Role.MEDICAL)


def at(person: Person, more: str = "") -> str:
    return f"/medical/persons/{person.number}/{more}"


def inspection(day: date, weight: str, **more: str) -> dict[str, str]:
    return {"day": day.isoformat(), "weight": weight, "health": "", "contagious": "", "treatment": ""} | more


def weigh(medic: Client, person: Person, *told: tuple[date, str]) -> None:
    for day, weight in told:
        assert medic.post(at(person, "inspect/"), inspection(day, weight)).status_code == 302


def reviews(person: Person) -> list[date]:
    return [row.happened for row in person.events.filter(kind="medical.review_due", stands=True)]


def review(medic: Client, person: Person, day: date) -> None:
    said = {"event": "medical.reviewed", "day": day.isoformat(), "words": "more to eat"}
    assert medic.post(at(person, "note/"), said).status_code == 302


def waits(person: Person) -> tuple[bool, bool]:
    """Whether a review is owed, and whether it rings."""
    owed = Owed.objects.filter(person=person, duty="review").exists()
    return owed, Alert.objects.filter(kind="medical.loss", is_over=False).exists()


def text(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.rule("R28")
def test_an_inspection_with_a_weight_keeps_the_months_duty(medic: Client, person: Person) -> None:
    weigh(medic, person, (ARRIVAL, "72,4"))
    assert Owed.objects.get(person=person, duty="inspection").since == ARRIVAL
    assert "72.4" in text(medic, at(person))


@pytest.mark.rule("R28")
@pytest.mark.parametrize("weight", ["", "7", "301", "seventy", "-70", "70.4.1", "٧٠"])
def test_an_inspection_without_a_weight_that_can_be_is_none(medic: Client, person: Person, weight: str) -> None:
    answer = medic.post(at(person, "inspect/"), inspection(ARRIVAL, weight, health="tired"))
    assert answer.status_code == 400
    assert "tired" in answer.content.decode()  # what was typed is still there
    assert not Event.objects.filter(kind="medical.inspected").exists()


@pytest.mark.rule("R28")
def test_an_inspection_dated_before_the_arrival_is_refused(medic: Client, person: Person) -> None:
    answer = medic.post(at(person, "inspect/"), inspection(ARRIVAL - timedelta(days=1), "70"))
    assert answer.status_code == 400
    assert "before the person arrived" in answer.content.decode()
    assert not Sealed.objects.filter(kind="inspection").exists()


@pytest.mark.rule("R28")
def test_a_loss_of_weight_makes_a_review_due_by_itself_and_rings(medic: Client, person: Person) -> None:
    weigh(medic, person, (ARRIVAL, "80"), (NEXT, "75"))
    assert reviews(person) == [NEXT]
    assert Owed.objects.filter(person=person, duty="review").exists()
    assert Alert.objects.filter(kind="medical.loss", is_over=False).exists()


@pytest.mark.rule("R28")
def test_an_inspection_that_is_overdue_rings(medic: Client, person: Person) -> None:
    Owed.objects.exclude(duty="inspection").delete()
    last = ARRIVAL + timedelta(days=31)
    duties.ring(last)
    assert not Alert.objects.filter(kind="custody.late", is_over=False).exists()
    duties.ring(last + timedelta(days=1))
    assert Alert.objects.filter(kind="custody.late", is_over=False).exists()


@pytest.mark.rule("R28")
def test_a_review_that_was_made_ends_the_alarm(medic: Client, person: Person) -> None:
    weigh(medic, person, (ARRIVAL, "80"), (NEXT, "75"))
    medic.post(at(person, "note/"), {"event": "medical.reviewed", "day": NEXT.isoformat(), "words": "more to eat"})
    assert not Owed.objects.filter(person=person, duty="review").exists()
    assert not Alert.objects.filter(kind="medical.loss", is_over=False).exists()
    assert "more to eat" in text(medic, at(person))


@pytest.mark.rule("R28")
def test_a_loss_that_is_found_on_the_day_of_a_review_is_looked_at_again(medic: Client, person: Person) -> None:
    """The review was of an earlier loss; or of this one, before it was written down: then it is entered once more."""
    review(medic, person, NEXT)
    weigh(medic, person, (ARRIVAL, "80"), (NEXT, "75"))
    assert waits(person) == (True, True)
    review(medic, person, NEXT)
    assert waits(person) == (False, False)


@pytest.mark.rule("R28")
def test_an_inspection_that_is_dated_anew_keeps_the_review_that_was_made_of_it(medic: Client, person: Person) -> None:
    weigh(medic, person, (ARRIVAL, "80"), (NEXT, "75"))
    review(medic, person, NEXT)
    second = person.events.get(kind="medical.inspected", happened=NEXT)
    earlier = NEXT - timedelta(days=1)
    medic.post(at(person, f"inspections/{name(Table.EVENTS, second.pk)}/"), inspection(earlier, "75"))
    assert reviews(person) == [earlier]
    assert waits(person) == (False, False)


@pytest.mark.rule("R28")
def test_who_escaped_is_looked_at_when_they_are_back_the_same_day_with_less_weight(
    registrar: Operator, medic: Client, person: Person, camp: Camp
) -> None:
    weigh(medic, person, (ARRIVAL, "80"))
    for event in (PersonEvent.ESCAPED, PersonEvent.ARRIVED):
        acts.enter(registrar, person, event, When(NEXT), camp=camp)
    weigh(medic, person, (NEXT, "75"))
    assert waits(person) == (True, True)
    acts.enter(registrar, person, PersonEvent.RELEASED, When(NEXT))
    assert waits(person) == (False, False)


@pytest.mark.rule("R28")
def test_a_corrected_weight_takes_the_review_with_it_or_makes_one_due(medic: Client, person: Person) -> None:
    weigh(medic, person, (ARRIVAL, "80"), (NEXT, "70"))
    second = person.events.get(kind="medical.inspected", happened=NEXT)
    path = at(person, f"inspections/{name(Table.EVENTS, second.pk)}/")
    assert medic.post(path, inspection(NEXT, "79")).status_code == 302
    assert reviews(person) == []
    assert not Alert.objects.filter(kind="medical.loss", is_over=False).exists()
    assert medic.post(path, inspection(NEXT, "70")).status_code == 302
    assert reviews(person) == [NEXT]


@pytest.mark.rule("R28")
def test_an_inspection_moved_to_another_day_moves_what_follows_from_it(medic: Client, person: Person) -> None:
    weigh(medic, person, (ARRIVAL, "80"), (NEXT, "70"))
    second = person.events.get(kind="medical.inspected", happened=NEXT)
    later = NEXT + timedelta(days=3)
    medic.post(at(person, f"inspections/{name(Table.EVENTS, second.pk)}/"), inspection(later, "70"))
    assert reviews(person) == [later]
    assert Owed.objects.get(person=person, duty="inspection").since == later


def test_a_struck_inspection_counts_no_more_and_the_first_entry_stays(medic: Client, person: Person) -> None:
    weigh(medic, person, (ARRIVAL, "80"), (NEXT, "70"))
    second = person.events.get(kind="medical.inspected", happened=NEXT)
    medic.post(at(person, f"inspections/{name(Table.EVENTS, second.pk)}/"), {"wrong": "yes"})
    assert reviews(person) == []
    assert Event.objects.filter(pk=second.pk, stands=False).exists()
    assert medic.get(at(person, f"inspections/{name(Table.EVENTS, second.pk)}/")).status_code == 404


@pytest.mark.rule("R30")
def test_no_address_on_the_sheet_counts_what_other_offices_entered(medic: Client, person: Person) -> None:
    weigh(medic, person, (ARRIVAL, "80"), (NEXT, "70"))
    named = re.findall(r"/inspections/([^/]*)/", medic.get(at(person)).content.decode())
    assert len(named) == len([ARRIVAL, NEXT])
    assert all(re.fullmatch(r"[0-9a-f]{32}", one) for one in named)


def test_one_page_sent_twice_enters_one_inspection(medic: Client, person: Person) -> None:
    weigh(medic, person, (ARRIVAL, "80"))
    answer = medic.post(at(person, "inspect/"), inspection(ARRIVAL, "80"))
    assert "inspected on that day already" in answer.content.decode()
    assert Event.objects.filter(kind="medical.inspected").count() == 1


@pytest.mark.rule("R28")
@pytest.mark.parametrize("role", sorted(roles.here() - {Role.MEDICAL}, key=str))
def test_nobody_but_the_medical_team_opens_a_page(desk_of: Doors, person: Person, camp: Camp, role: Role) -> None:
    browser = desk_of(role)
    for path in ("/medical/", f"/medical/camps/{camp.pk}/", at(person), at(person, "print/")):
        assert browser.get(path).status_code == 404
    for more in ("inspect/", "state/", "note/", "transfer/", "word/", "inspections/1/"):
        assert browser.post(at(person, more), inspection(ARRIVAL, "70")).status_code == 404
    assert not Sealed.objects.exclude(kind="identity").exists()


@pytest.mark.rule("R28", "T3")
def test_what_was_found_is_sealed_to_the_medical_team_alone(medic: Client, person: Person) -> None:
    medic.post(at(person, "inspect/"), inspection(ARRIVAL, "80", health="Kachexie"))
    medic.post(at(person, "state/"), {"height": "175", "state": "Kachexie", "known": "Kachexie"})
    medic.post(at(person, "note/"), {"event": "sickness.began", "day": ARRIVAL.isoformat(), "words": "Kachexie"})
    pages = Sealed.objects.filter(person=person, kind__in=["inspection", "medical", "medical-note"])
    assert {row.team for row in pages} == {"medical"}
    assert not any(b"Kachexie" in bytes(row.body) for row in pages)


@pytest.mark.rule("R49")
def test_reading_a_sheet_is_recorded(house: House, medic: Client, person: Person) -> None:
    medic.get(at(person))
    told = [line.told for line in record.page([house.keys["monitor"]], before=None).lines if line.told]
    assert ("medical.read", person.number) in {(one.act, one.subject) for one in told}


@pytest.mark.rule("R28")
def test_a_ward_is_entered_on_one_page_and_empty_lines_are_left_alone(
    medic: Client, registrar: Operator, person: Person, camp: Camp
) -> None:
    others = [acts.register(registrar, f"UA-1{n}", camp, SOMEBODY, When(ARRIVAL)) for n in range(2)]
    said = {
        "day": NEXT.isoformat(),
        "signed": "Dr. Hnatiuk",
        f"weight-{person.pk}": "71",
        f"weight-{others[0].pk}": "64.5",
    }
    said |= {f"weight-{others[1].pk}": ""}
    assert medic.post(f"/medical/camps/{camp.pk}/", said).status_code == 302
    inspected = Event.objects.filter(kind="medical.inspected").values_list("person__number", flat=True)
    assert sorted(inspected) == ["UA-0001", "UA-10"]
    assert "Dr. Hnatiuk" in text(medic, at(person))


@pytest.mark.rule("R28")
def test_one_line_that_cannot_be_holds_back_the_page_and_loses_nothing(
    medic: Client, registrar: Operator, person: Person, camp: Camp
) -> None:
    other = acts.register(registrar, "UA-2", camp, SOMEBODY, When(ARRIVAL))
    said = {"day": NEXT.isoformat(), f"weight-{person.pk}": "71", f"weight-{other.pk}": "6450"}
    answer = medic.post(f"/medical/camps/{camp.pk}/?all=yes", said)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'value="71"' in page
    assert 'value="6450"' in page
    assert f'id="why-{other.pk}"' in page
    assert not Event.objects.filter(kind="medical.inspected").exists()


@pytest.mark.rule("R28")
def test_who_cannot_have_been_inspected_that_day_holds_back_the_whole_ward(
    medic: Client, registrar: Operator, person: Person, camp: Camp
) -> None:
    newcomer = acts.register(registrar, "UA-2", camp, SOMEBODY, When(NEXT))
    said = {"day": ARRIVAL.isoformat(), f"weight-{person.pk}": "71", f"weight-{newcomer.pk}": "64"}
    answer = medic.post(f"/medical/camps/{camp.pk}/?all=yes", said)
    assert answer.status_code == 400
    assert f'id="why-{newcomer.pk}"' in answer.content.decode()
    assert f'id="why-{person.pk}"' not in answer.content.decode()
    assert not Event.objects.filter(kind="medical.inspected").exists()


def test_nobody_of_another_camp_is_entered_on_a_wards_page(
    medic: Client, registrar: Operator, person: Person, camp: Camp
) -> None:
    elsewhere = acts.open_camp(registrar, "Dalni", CampKind.PERMANENT, {}, When(ARRIVAL))
    medic.post(f"/medical/camps/{elsewhere.pk}/", {"day": NEXT.isoformat(), f"weight-{person.pk}": "71"})
    assert not Event.objects.filter(kind="medical.inspected").exists()


@pytest.mark.rule("R34")
def test_a_doctor_says_whether_somebody_may_travel_and_why_not(
    medic: Client, registrar: Operator, person: Person
) -> None:
    said = {"event": "transfer.refused_by_medical", "day": ARRIVAL.isoformat(), "words": ""}
    assert medic.post(at(person, "transfer/"), said | {"words": "fever"}).status_code == 400  # nothing is planned
    acts.happen(registrar, person, PersonEvent.TRANSFER_PLANNED, When(ARRIVAL))
    assert person.number in text(medic, "/medical/")
    assert medic.post(at(person, "transfer/"), said).status_code == 400  # a refusal says why
    assert medic.post(at(person, "transfer/"), said | {"words": "fever"}).status_code == 302
    assert not Owed.objects.filter(person=person, duty="transfer-health").exists()
    assert "fever" in text(medic, at(person))


@pytest.mark.rule("R27")
def test_the_bureau_reads_the_weekly_word_and_passes_it_on(medic: Client, desk_of: Doors, person: Person) -> None:
    medic.post(at(person, "note/"), {"event": "illness.serious", "day": ARRIVAL.isoformat(), "words": "burns"})
    medic.post(at(person, "word/"), {"course": "better", "words": "eats by himself"})
    bureau, path = desk_of(Role.BUREAU), f"/medical/seriously-ill/{person.number}/"
    assert person.number in text(bureau, "/medical/seriously-ill/")
    page = text(bureau, path)
    assert "eats by himself" in page
    assert "burns" not in page
    assert bureau.post(path, {"day": NEXT.isoformat()}).status_code == 302
    assert Owed.objects.get(person=person, duty="seriously-ill").since == NEXT


@pytest.mark.rule("R27")
def test_of_who_is_well_again_no_word_is_owed_or_read(medic: Client, desk_of: Doors, person: Person) -> None:
    for event in ("illness.serious", "illness.over"):
        medic.post(at(person, "note/"), {"event": event, "day": ARRIVAL.isoformat(), "words": ""})
    assert person.number not in text(medic, "/medical/seriously-ill/")
    assert desk_of(Role.BUREAU).get(f"/medical/seriously-ill/{person.number}/").status_code == 404


@pytest.mark.rule("R28")
def test_the_sheet_is_printed_in_any_language_that_papers_have(
    medic: Client, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Sequence[str]] = []

    def printed(_form: Form, languages: Sequence[str]) -> bytes:
        asked.append(languages)
        return b"%PDF-"

    monkeypatch.setattr(printing, "printed", printed)
    offered = re.findall(r'<option value="([a-zA-Z-]+)" lang=', medic.get(at(person)).content.decode())
    assert {*offered, "uk", "en"} == set(AVAILABLE)
    for tag in ("", "ko-KP", "xx"):
        assert medic.get(at(person, "print/"), {"language": tag}).status_code == 200
    assert asked == [["uk", "en"], ["ko-KP", "uk", "en"], ["uk", "en"]]


def test_the_sheet_prints(medic: Client, person: Person) -> None:
    weigh(medic, person, (ARRIVAL, "80"), (NEXT, "75"))
    answer = medic.get(at(person, "print/"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"


def test_the_weights_are_drawn_and_the_loss_stands_in_words(medic: Client, person: Person) -> None:
    weigh(medic, person, (ARRIVAL, "80"), (NEXT, "75"))
    page = text(medic, at(person))
    assert "<polyline" in page
    assert "5% less than lately" in page
