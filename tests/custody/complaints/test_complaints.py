# SPDX-License-Identifier: AGPL-3.0-or-later
"""A complaint is written down at any desk, and read by the monitor and counsel alone (art. 78)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from tests.custody.conftest import ARRIVAL
from tests.desk.conftest import House

from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.custody import acts, owing
from safeconduct.desk.custody.complaints import alarms
from safeconduct.desk.custody.complaints import sealed as pages
from safeconduct.desk.custody.complaints.models import Complaint, Page
from safeconduct.desk.custody.models import Event, Owed, Person
from safeconduct.desk.operators.destroying import all_of_them
from safeconduct.desk.operators.models import Team, TeamKey
from safeconduct.desk.operators.rewrapping import Pass, known
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing.keys import PrivateKey
from safeconduct.vocabulary.complaints import ComplaintTold

Doors = Callable[[Role], Client]
WORDS = "Двое суток без воды."
DESKS = [Role.REGISTRAR, Role.MEDICAL, Role.CAMP_COMMANDER, Role.MAIL_OFFICE, Role.BUREAU, Role.COUNSEL]


def today() -> str:
    return acts.today().isoformat()


def sheet(**said: object) -> dict[str, object]:
    return {"ticket": "ab" * 16, "words": WORDS} | said


def handed_in(browser: Client, **said: object) -> int:
    """The number under which the monitor and counsel find it."""
    assert browser.post("/complaint/", sheet(**said))["Location"] == "/complaint/sealed/"
    return Complaint.objects.latest("pk").pk


@pytest.mark.rule("R30", "R37")
@pytest.mark.parametrize("role", DESKS)
def test_any_desk_hands_a_complaint_to_the_monitor_and_counsel_and_keeps_nothing(
    desk_of: Doors, person: Person, role: Role
) -> None:
    pk = handed_in(desk_of(role), number=person.number.lower())
    assert {row.team for row in Page.objects.all()} == {"monitor", "counsel"}
    for reader in (Role.MONITOR, Role.COUNSEL):
        assert WORDS in desk_of(reader).get(f"/complaints/{pk}/").content.decode()
    if role is not Role.COUNSEL:
        for path in ("/complaints/", f"/complaints/{pk}/", f"/complaints/{pk}/paper/"):
            assert desk_of(role).get(path).status_code == 404
        assert WORDS not in desk_of(role).get("/complaint/sealed/").content.decode()
    assert set(Page.objects.values_list("team", flat=True)) == {"monitor", "counsel"}


@pytest.mark.rule("R30")
def test_a_complaint_needs_neither_name_nor_a_number_that_anybody_has(desk_of: Doors, person: Person) -> None:
    for pk in (handed_in(desk_of(Role.MEDICAL)), handed_in(desk_of(Role.MEDICAL), ticket="cd" * 16, number="UA-9")):
        assert WORDS in desk_of(Role.COUNSEL).get(f"/complaints/{pk}/").content.decode()
    assert Complaint.objects.count() == 2
    assert not Event.objects.filter(kind="complaint.made").exists()


@pytest.mark.rule("R30")
def test_there_may_be_any_number_of_complaints_and_a_page_sent_twice_is_one(desk_of: Doors, person: Person) -> None:
    browser = desk_of(Role.CAMP_COMMANDER)
    for turn in range(12):
        handed_in(browser, ticket=f"{turn:032x}", number=person.number)
    handed_in(browser, ticket=f"{11:032x}", number=person.number)
    assert Complaint.objects.count() == Event.objects.filter(kind="complaint.made").count() == 12


@pytest.mark.rule("R30", "R37")
def test_other_words_on_a_page_that_was_sent_are_another_complaint(desk_of: Doors, person: Person) -> None:
    browser = desk_of(Role.REGISTRAR)
    for said in ({}, {"words": "Меня били."}, {"ill_treatment": "yes"}, {"ill_treatment": "yes"}):
        pk = handed_in(browser, number=person.number, **said)
    assert Complaint.objects.count() == Event.objects.filter(kind="complaint.made").count() == 3
    assert WORDS in desk_of(Role.COUNSEL).get(f"/complaints/{pk}/").content.decode()


@pytest.mark.rule("R30")
def test_a_complaint_is_kept_whatever_a_field_of_it_holds(desk_of: Doors, person: Person) -> None:
    pk = handed_in(desk_of(Role.MEDICAL), number=f"{person.number}\0", words=f"\0{WORDS}", surname="\0", where="\0")
    assert Event.objects.filter(person=person, kind="complaint.made").exists()
    page = desk_of(Role.COUNSEL).get(f"/complaints/{pk}/").content.decode()
    assert WORDS in page
    assert "\0" not in page


@pytest.mark.rule("R30")
def test_a_complaint_is_owed_forwarding_until_everybody_has_it_whom_the_person_named(
    desk_of: Doors, person: Person
) -> None:
    pk = handed_in(desk_of(Role.REGISTRAR), number=person.number, to=["protecting_power", "representative"])
    counsel = desk_of(Role.COUNSEL)
    for to, is_owed in (("representative", True), ("protecting_power", False)):
        assert counsel.post(f"/complaints/{pk}/forward/", {"to": to, "day": today()}).status_code == 302
        assert Owed.objects.filter(person=person, duty="complaint").exists() is is_owed
    assert Complaint.objects.get(pk=pk).forwarded == acts.today()


@pytest.mark.rule("R30")
def test_a_complaint_goes_to_nobody_whom_the_person_did_not_name(desk_of: Doors, person: Person) -> None:
    pk = handed_in(desk_of(Role.REGISTRAR), number=person.number)
    counsel = desk_of(Role.COUNSEL)
    for to, status in (("authorities", 400), ("red_cross", 302)):
        assert counsel.post(f"/complaints/{pk}/forward/", {"to": to, "day": today()}).status_code == status
    assert not Owed.objects.filter(person=person, duty="complaint").exists()


@pytest.mark.rule("R37")
def test_a_report_of_ill_treatment_waits_for_the_monitor_or_counsel_in_one_step(desk_of: Doors, person: Person) -> None:
    pk = handed_in(desk_of(Role.MEDICAL), number=person.number, ill_treatment="yes")
    assert Owed.objects.filter(person=person, duty="ill-treatment").exists()
    assert "ill-treatment" in desk_of(Role.COUNSEL).get("/complaints/").content.decode()
    assert desk_of(Role.MONITOR).post(f"/complaints/{pk}/take-up/", {"day": today()}).status_code == 302
    assert not Owed.objects.filter(person=person, duty="ill-treatment").exists()
    assert desk_of(Role.COUNSEL).post(f"/complaints/{pk}/take-up/", {"day": today()}).status_code == 404


def test_what_nobody_saw_to_in_time_is_shown_late_without_a_name(desk_of: Doors) -> None:
    pk = handed_in(desk_of(Role.MAIL_OFFICE), ill_treatment="yes")
    browser = desk_of(Role.MONITOR)
    assert "late" not in browser.get("/complaints/").content.decode()
    Complaint.objects.filter(pk=pk).update(entered=acts.today() - timedelta(days=2))
    assert browser.get("/complaints/").content.decode().count('now">late') == 2


def test_an_answered_complaint_leaves_the_list_once_it_is_forwarded(desk_of: Doors) -> None:
    pk = handed_in(desk_of(Role.REGISTRAR))
    counsel, row = desk_of(Role.COUNSEL), f'href="/complaints/{Complaint.objects.get().pk}/"'
    counsel.post(f"/complaints/{pk}/answer/", {"words": "Told in person.", "day": today()})
    assert row in counsel.get("/complaints/").content.decode()
    counsel.post(f"/complaints/{pk}/forward/", {"to": "red_cross", "day": today()})
    assert row not in counsel.get("/complaints/").content.decode()
    assert row in counsel.get("/complaints/?answered=yes").content.decode()
    assert "Told in person." in counsel.get(f"/complaints/{pk}/").content.decode()


@pytest.mark.parametrize(("words", "why"), [("  ", "Write down"), ("я" * 4_001, "more than one form")])
def test_a_complaint_is_refused_for_its_words_alone_and_nothing_typed_is_lost(
    desk_of: Doors, words: str, why: str
) -> None:
    answer = desk_of(Role.MEDICAL).post("/complaint/", sheet(words=words, surname="Ким", ill_treatment="yes"))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert why in page
    assert 'value="Ким"' in page
    assert words in page
    assert not Complaint.objects.exists()


@pytest.mark.rule("R30", "T3")
def test_a_copied_database_tells_neither_words_nor_name_of_a_complaint(desk_of: Doors) -> None:
    for turn, words in enumerate((WORDS, WORDS * 2)):
        handed_in(desk_of(Role.REGISTRAR), ticket=f"{turn:032x}", words=words, surname="Чхве", number="UA-0001")
    bodies = [bytes(row.body) for row in Page.objects.all()]
    assert len(bodies) == 4
    assert not any(said.encode() in body for body in bodies for said in (WORDS, "Чхве", "UA-0001"))
    assert {row.team for row in Page.objects.all()} == {"monitor", "counsel"}


@pytest.mark.rule("R30")
def test_without_counsels_key_a_complaint_is_not_half_kept(desk_of: Doors, person: Person) -> None:
    Team.objects.filter(code="counsel").update(code="nobody")
    answer = desk_of(Role.REGISTRAR).post("/complaint/", sheet(number=person.number))
    assert answer.status_code == 400
    assert "has no key yet" in answer.content.decode()
    assert not Complaint.objects.exists()
    assert not Event.objects.filter(kind="complaint.made").exists()


def test_a_new_key_of_counsel_opens_what_was_said_before(house: House, desk_of: Doors) -> None:
    handed_in(desk_of(Role.REGISTRAR))
    new = PrivateKey.generate()
    TeamKey.objects.create(team=Team.objects.get(code="counsel"), version=2, public=new.public.raw, demonstration=True)
    way = Pass("counsel", (house.keys["counsel"],), new.public, destroys_old=True)
    step = known("complaints.pages").step(way, 0, 10)
    assert (step.looked, step.closed, step.is_end) == (1, 0, True)
    row = Page.objects.get(team="counsel")
    assert row.key_version == 2
    assert pages._read(row, new, ComplaintTold).words == WORDS


@pytest.mark.rule("R30", "R51")
def test_destroying_the_keys_empties_complaints_and_a_drill_does_not_count_them(desk_of: Doors) -> None:
    (mine,) = [one for one in all_of_them() if one.code == "complaints.pages"]
    before = mine.count()
    handed_in(desk_of(Role.REGISTRAR))
    assert mine.count() == before == mine.destroy()
    assert {bytes(row.body) for row in Page.objects.all()} == {b""}


@pytest.mark.rule("R30")
def test_the_form_is_printed_as_it_was_filled_in(desk_of: Doors) -> None:
    pk = handed_in(desk_of(Role.REGISTRAR), surname="Чхве", to=["red_cross"], day=ARRIVAL.isoformat())
    answer = desk_of(Role.COUNSEL).get(f"/complaints/{pk}/paper/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")


def test_the_term_runs_from_the_day_on_which_it_came_to_a_desk(desk_of: Doors, person: Person) -> None:
    early = date(2026, 9, 1).isoformat()  # on the way, before anybody was registered
    handed_in(desk_of(Role.REGISTRAR), number=person.number, day=early)
    owing.work_out()
    assert Owed.objects.get(person=person, duty="complaint").due == acts.today()


@pytest.mark.rule("R37")
def test_counsel_hears_of_ill_treatment_at_once_and_the_desks_that_may_be_accused_do_not(desk_of: Doors) -> None:
    browsers = {role: desk_of(role) for role in (Role.COUNSEL, Role.MONITOR, Role.CAMP_COMMANDER, Role.REGISTRAR)}
    handed_in(browsers[Role.CAMP_COMMANDER], ill_treatment="yes")
    told = {
        role: "Ill-treatment was reported" in one.get("/alerts/").content.decode() for role, one in browsers.items()
    }
    assert told == {Role.COUNSEL: True, Role.MONITOR: True, Role.CAMP_COMMANDER: False, Role.REGISTRAR: False}


@pytest.mark.rule("R30")
def test_what_is_not_forwarded_in_time_rings_until_it_is(desk_of: Doors) -> None:
    pk = handed_in(desk_of(Role.MEDICAL))
    alarms.ring_late(acts.today())
    assert not Alert.objects.filter(kind="complaints.late").exists()
    alarms.ring_late(acts.today() + timedelta(days=1))
    assert Alert.objects.filter(kind="complaints.late", is_over=False).exists()
    desk_of(Role.COUNSEL).post(f"/complaints/{pk}/forward/", {"to": "red_cross", "day": today()})
    alarms.ring_late(acts.today() + timedelta(days=1))
    assert not Alert.objects.filter(kind="complaints.late", is_over=False).exists()
