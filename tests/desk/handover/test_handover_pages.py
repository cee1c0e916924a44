# SPDX-License-Identifier: AGPL-3.0-or-later
"""The cell's pages and the unit's: what each shows, what each refuses, and what stands on none of them."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import html5lib
import pytest
from django.test import Client
from django.utils.html import strip_tags
from msgspec.structs import replace
from tests.desk.cases.conftest import Line, Person
from tests.desk.conftest import House
from tests.desk.handover.conftest import CARD, POINT, Cell, now
from tests.desk.handover.test_handover_acts import to_the_cell

from safeconduct.desk.cases import acts as cases
from safeconduct.desk.cases import standing
from safeconduct.desk.handover import acts, hours, plan_form, units
from safeconduct.desk.handover.errors import PlanMoved
from safeconduct.desk.handover.models import Handover, ReceivingUnit
from safeconduct.desk.handover.records import UnitCard
from safeconduct.desk.operators import acts as people
from safeconduct.desk.operators.roles import Role


@pytest.fixture
def planning(house: House, the_cell: Cell) -> Client:
    return house.signed_in(Role.PLANNER)


@pytest.fixture
def approving(house: House, the_cell: Cell) -> Client:
    return house.signed_in(Role.APPROVER)


@pytest.fixture
def receiving(house: House, the_cell: Cell) -> Client:
    return house.signed_in(Role.RECEIVING_UNIT)


def text(answer: Any) -> str:
    page = answer.content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    return str(page)


def form_of(the_cell: Cell, **changed: str) -> dict[str, str]:
    begins = datetime.now(UTC) + timedelta(hours=2)
    there = "Europe/Kyiv"
    said = {
        "unit": str(the_cell.receiving.pk),
        "language": "ru",
        "point": POINT,
        "begins": hours.local_text(begins, there),
        "ends": hours.local_text(begins + timedelta(hours=1), there),
        "head_count": "3",
        "wounded": "1",
        "signal": "White cloth",
        "abort": "Red flare",
        "fallback": "Tomorrow, same time",
        "hold_fire_who": "Kestrel",
        "hold_fire_at": hours.local_text(datetime.now(UTC) - timedelta(hours=1), there),
    }
    return said | changed


@pytest.mark.rule("R14", "R15", "R18")
def test_a_handover_goes_through_the_pages_from_plan_to_reception(
    planning: Client, approving: Client, receiving: Client, the_cell: Cell, case: str
) -> None:
    assert f"Plan a handover for {case}" in text(planning.get("/handovers/"))
    number = planning.post("/handovers/start/", {"case": case}).headers["Location"].split("/")[2]
    row = Handover.objects.get(number=number)
    said = form_of(the_cell, seen=acts.mark(row))
    assert planning.post(f"/handovers/{number}/plan/", said).status_code == 303
    page = text(planning.get(f"/handovers/{number}/"))
    assert POINT in page
    seen = {"seen": re.findall(r'name="seen" value="([0-9a-f]{32})"', page)[0]}
    planning.post(f"/handovers/{number}/propose/", seen)
    assert f'href="/handovers/{number}/"' in text(approving.get("/approvals/"))
    assert "Approve this plan" in text(approving.get(f"/handovers/{number}/"))
    approving.post(f"/handovers/{number}/approve/", seen)
    assert "a colleague releases it" in text(approving.get(f"/handovers/{number}/"))
    assert "No sheet for you" in text(receiving.get("/sheets/"))
    assert "has not been told the words" in text(planning.get(f"/handovers/{number}/"))
    the_cell.tell(row)
    planning.post(f"/handovers/{number}/release/", seen)
    assert POINT in text(receiving.get(f"/sheets/{number}/"))
    told = {"outcome": "receive"}
    assert "no way back" in text(receiving.post(f"/sheets/{number}/outcome/", told))
    assert "really with you" in text(receiving.post(f"/sheets/{number}/outcome/", told | {"sure": "yes"}))
    assert now(row).state == "released"
    receiving.post(f"/sheets/{number}/outcome/", told | {"sure": "yes", "early": "yes"})
    assert "received" in text(planning.get(f"/handovers/{number}/"))
    assert POINT not in text(receiving.get(f"/sheets/{number}/"))


@pytest.mark.rule("R15")
def test_an_approver_is_told_that_nothing_is_planned_for_a_case_that_is_with_the_cell(
    planning: Client, approving: Client, case: str
) -> None:
    assert f"Plan a handover for {case}" in text(planning.get("/handovers/"))
    page = text(approving.get("/handovers/"))
    assert f"Plan a handover for {case}" not in page
    assert "No handover is under way" in page


@pytest.mark.rule("R18")
def test_a_sheet_shows_its_fields_and_no_case_no_channel_and_no_receiver_of_the_line(
    receiving: Client, the_cell: Cell, case: str
) -> None:
    number = the_cell.released(case).number
    page = text(receiving.get(f"/sheets/{number}/"))
    assert case not in page
    assert "web" not in strip_tags(page.split("</style>")[1])
    for field in (
        "Point",
        "Window",
        "People",
        "Wounded",
        "Language",
        "Known by",
        "You say",
        "They answer",
        "Called off",
    ):
        assert field in page


@pytest.mark.rule("R18")
def test_a_sheet_is_whole_in_itself(receiving: Client, the_cell: Cell, case: str) -> None:
    answer = receiving.get(f"/sheets/{the_cell.released(case).number}/")
    page = text(answer)
    assert not re.search(r"<script|<link(?! rel=.icon. href=.data:,.)|<img|@import|url\(|\son[a-z]+=|\sstyle=", page)
    policy = answer.headers["Content-Security-Policy"]
    assert "'sha256-" in policy
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.rule("R18")
def test_a_sheet_shows_the_units_time_and_utc(receiving: Client, the_cell: Cell, case: str) -> None:
    begins = (datetime.now(UTC) + timedelta(hours=2)).replace(minute=30, second=0, microsecond=0)
    begins += timedelta(hours=begins.hour == 23)  # both ends on one day
    ends = begins + timedelta(hours=1)
    handover = the_cell.released(case, begins=begins, ends=ends, hold_fire=the_cell.plan().hold_fire)
    page = text(receiving.get(f"/sheets/{handover.number}/"))
    assert f"{begins:%Y-%m-%d %H:%M}–{ends:%H:%M} UTC" in page
    assert hours.local_text(begins, "Europe/Kyiv").replace("T", " ") in page


@pytest.mark.rule("R16", "T6")
def test_nobody_else_finds_a_sheet_or_a_plan(house: House, the_cell: Cell, case: str) -> None:
    number = the_cell.released(case).number
    stranger = people.add_operator("unit two", Role.RECEIVING_UNIT)
    browser = house.newcomer(stranger)
    browser.sign_in()
    assert browser.browser.get(f"/sheets/{number}/").status_code == 404
    assert browser.browser.post(f"/sheets/{number}/outcome/", {"outcome": "receive"}).status_code == 404
    for role in (Role.OPERATOR, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.MONITOR, Role.RECEIVING_UNIT):
        assert house.signed_in(role).get(f"/handovers/{number}/").status_code == 404
    assert now(Handover.objects.get()).handover_state.value == "released"


@pytest.mark.rule("R16")
def test_no_list_names_a_place(planning: Client, receiving: Client, the_cell: Cell, case: str) -> None:
    the_cell.released(case)
    for browser, path in ((planning, "/handovers/"), (planning, "/approvals/"), (receiving, "/sheets/")):
        assert "Balka" not in text(browser.get(path))


@pytest.mark.rule("R16", "R49")
def test_reading_a_plan_or_a_sheet_is_recorded(planning: Client, receiving: Client, the_cell: Cell, case: str) -> None:
    number = the_cell.released(case).number
    planning.get(f"/handovers/{number}/")
    receiving.get(f"/sheets/{number}/")
    assert the_cell.recorded()[-1] == "handover.read"
    assert the_cell.recorded("sheets.") == ["sheets.read"]


def test_a_refused_act_is_explained_on_the_handovers_page(
    planning: Client, the_cell: Cell, case: str, line: Line, person: Person
) -> None:
    handover = the_cell.approved(case)
    to_the_cell(line, the_cell, person, "я иду")
    answer = planning.post(f"/handovers/{handover.number}/release/", {"seen": acts.mark(handover)})
    assert answer.status_code == 409
    assert "a message of this person that nobody has opened" in text(answer)


def test_a_plan_that_cannot_stand_keeps_what_was_typed(planning: Client, the_cell: Cell, case: str) -> None:
    handover = acts.start(the_cell.planner, case)
    said = form_of(the_cell, seen=acts.mark(handover), wounded="9")
    answer = planning.post(f"/handovers/{handover.number}/plan/", said)
    assert answer.status_code == 400
    page = text(answer)
    assert POINT in page
    assert 'aria-invalid="true"' in page
    assert "never more than come" in page


@pytest.mark.parametrize("begins", ["2026-03-29T03:30", "2026-10-25T03:30"], ids=["skipped", "shown twice"])
def test_a_time_that_the_units_clocks_skip_or_show_twice_is_refused(
    planning: Client, the_cell: Cell, case: str, begins: str
) -> None:
    handover = acts.start(the_cell.planner, case)
    said = form_of(the_cell, seen=acts.mark(handover), begins=begins)
    answer = planning.post(f"/handovers/{handover.number}/plan/", said)
    assert answer.status_code == 400
    assert "show it twice" in text(answer)


@pytest.mark.parametrize("when", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_time_beyond_every_calendar_is_refused(planning: Client, the_cell: Cell, case: str, when: str) -> None:
    number = acts.start(the_cell.planner, case).number
    said = form_of(the_cell, begins=when, ends=when, seen=acts.mark(Handover.objects.get(number=number)))
    assert planning.post(f"/handovers/{number}/plan/", said).status_code == 400


@pytest.mark.parametrize("seen", ["ж" * 32, "\ud800"])
def test_what_was_seen_may_be_any_text(planning: Client, the_cell: Cell, case: str, seen: str) -> None:
    number = the_cell.planned(case).number
    with pytest.raises(PlanMoved):
        acts.propose(the_cell.planner, number, seen=seen)


@pytest.mark.parametrize("chosen", ["9" * 5000, "9" * 20, "١٢", "-1", ""])
def test_who_is_no_number_is_taken_into_no_unit(planning: Client, the_cell: Cell, chosen: str) -> None:
    said = {"person": chosen, "heard": "yes", "fingerprint": ""}
    assert planning.post(f"/units/{the_cell.receiving.pk}/people/", said).status_code == 400


def test_the_plan_offers_units_on_duty_that_speak_the_language_and_have_the_sector(
    planning: Client, the_cell: Cell, case: str
) -> None:
    number = acts.start(the_cell.planner, case).number

    def shown(language: str, sector: str) -> str:
        said = {"show": "yes", "language": language, "sector": sector}
        return text(planning.post(f"/handovers/{number}/plan/", said))

    assert "on duty now" in shown("uk", "river")
    assert "another sector" in shown("uk", "South")
    assert "No receiving unit speaks this language" in shown("sw", "")


@pytest.mark.rule("R16")
def test_to_look_at_units_keeps_what_was_typed_stores_nothing_and_names_no_sector_in_an_address(
    planning: Client, the_cell: Cell, case: str
) -> None:
    row = acts.start(the_cell.planner, case)
    said = form_of(the_cell, seen=acts.mark(row), show="yes", sector="River", ends="")
    page = text(answer := planning.post(f"/handovers/{row.number}/plan/", said))
    assert answer.status_code == 200
    assert f'value="{POINT}"' in page
    assert "<option selected>River" in page
    assert 'method="get"' not in page
    assert now(row).plan is None
    assert "another sector" not in text(planning.get(f"/handovers/{row.number}/plan/?language=uk&sector=South"))


def test_what_the_application_says_stands_in_the_plan_already(planning: Client, the_cell: Cell, case: str) -> None:
    number = acts.start(the_cell.planner, case).number
    page = text(planning.get(f"/handovers/{number}/plan/"))
    assert '<option value="ru" selected>' in page
    assert re.search(r'name="head_count" type="number" value="1"', page)


def test_units_are_added_changed_and_retired(planning: Client, the_cell: Cell) -> None:
    said: dict[str, Any] = {"name": "Heron", "sectors": "South", "zone": "Europe/Kyiv", "opens": "06:00"}
    said |= {"closes": "22:00", "languages": ["uk"], "days": ["0", "6"]}
    assert planning.post("/units/add/", said).status_code == 302
    heron = ReceivingUnit.objects.get(name="Heron")
    assert "Monday, Sunday" in text(planning.get("/units/"))
    assert "has this name already" in text(planning.post("/units/add/", said))
    wrong = planning.post(f"/units/{heron.pk}/", said | {"zone": "Mars/Olympus"})
    assert wrong.status_code == 400
    assert planning.post(f"/units/{heron.pk}/", said | {"sectors": "West"}).status_code == 302
    assert "West" in text(planning.get("/units/"))
    planning.post(f"/units/{heron.pk}/retire/")
    assert planning.get(f"/units/{heron.pk}/").status_code == 404


@pytest.mark.rule("T3")
def test_a_units_sectors_do_not_lie_in_the_clear(the_cell: Cell) -> None:
    card = bytes(ReceivingUnit.objects.get(name="Kestrel 3").card)
    assert b"River" not in card


def test_a_person_is_taken_in_only_after_their_fingerprint_was_heard(planning: Client, the_cell: Cell) -> None:
    someone = people.add_operator("unit two", Role.RECEIVING_UNIT).operator
    path, said = f"/units/{the_cell.receiving.pk}/people/", {"person": str(someone.pk)}
    said["fingerprint"] = someone.fingerprint
    assert "Tick that you heard" in text(planning.post(path, said))
    assert "key has changed" in text(planning.post(path, said | {"heard": "yes", "fingerprint": "other"}))
    assert planning.post(path, said | {"heard": "yes"}).status_code == 302
    assert "unit two" in text(planning.get("/units/"))


@pytest.mark.rule("R17")
@pytest.mark.django_db(transaction=True)
def test_the_words_are_told_on_a_page_of_their_own(
    planning: Client, the_cell: Cell, case: str, line: Line, person: Person
) -> None:
    handover = the_cell.approved(case)
    page = text(planning.get(f"/handovers/{handover.number}/words/"))
    said = dict(re.findall(r'name="(seen|form)" value="([^"]*)"', page))
    body = re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)[0]
    assert (
        planning.post(f"/handovers/{handover.number}/words/", said | {"text": f"{body} Stara Balka"}).status_code == 400
    )
    assert planning.post(f"/handovers/{handover.number}/words/", said | {"text": body}).status_code == 303
    assert "on its way" in text(planning.get(f"/handovers/{handover.number}/"))
    line.deliver()
    assert "told to the person" in text(planning.get(f"/handovers/{handover.number}/"))
    assert line.inbox(person) == [body.replace("\r\n", "\n")]


def test_a_case_that_waits_to_be_read_is_read_on_its_own_page(planning: Client, the_cell: Cell, case: str) -> None:
    assert f'href="/cases/{case}/"' in text(planning.get("/handovers/"))
    cases.read(the_cell.planner, case)


def test_a_window_that_passed_is_said_on_the_sheet(
    receiving: Client, the_cell: Cell, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = the_cell.released(case).number
    moment = datetime.now(UTC) + timedelta(hours=5)
    monkeypatch.setattr("safeconduct.desk.handover.wall.now", lambda: moment)
    assert "The window has passed" in text(receiving.get(f"/sheets/{number}/"))


def test_a_person_who_was_taken_out_while_signed_in_sees_no_sheet(
    receiving: Client, planning: Client, the_cell: Cell, case: str
) -> None:
    number = the_cell.released(case).number
    planning.post(f"/units/people/{the_cell.unit.operator.pk}/dismiss/")
    assert receiving.get(f"/sheets/{number}/").status_code == 404


@pytest.mark.rule("R14")
@pytest.mark.parametrize("outcome", ["abort", "lose", "not-come", "receive"])
def test_what_cannot_be_taken_back_is_asked_once_more(
    planning: Client, receiving: Client, the_cell: Cell, case: str, outcome: str
) -> None:
    handover = the_cell.released(case)
    number = handover.number
    for browser, place in ((planning, f"/handovers/{number}/"), (receiving, f"/sheets/{number}/")):
        assert "no way back" in text(browser.post(f"{place}outcome/", {"outcome": outcome}))
        assert now(handover).state == "released"
    receiving.post(f"/sheets/{number}/outcome/", {"outcome": outcome, "sure": "yes"})
    assert now(handover).state != "released"
    must_call = "Call the unit: they may have the sheet on paper" in text(planning.get(f"/handovers/{number}/"))
    assert must_call is (outcome != "receive")


@pytest.mark.rule("R5")
def test_a_stopped_handover_says_what_to_do_to_the_cell_and_no_reason_to_the_unit(
    planning: Client, receiving: Client, the_cell: Cell, case: str
) -> None:
    number = the_cell.released(case).number
    assert "tell the unit by radio" not in text(planning.get("/handovers/"))
    standing.freeze(the_cell.planner, case, "a voice behind them")
    assert "stopped: tell the unit by radio" in text(planning.get("/handovers/"))
    page = text(planning.get(f"/handovers/{number}/"))
    assert "Call the unit now" in page
    assert "Red flare, go back" in page
    sheet = text(receiving.get(f"/sheets/{number}/"))
    assert "This handover is stopped. Do not go." in sheet
    assert not {"frozen", "duress", "free", "cell has"} & set(re.findall(r"cell has|\w+", strip_tags(sheet)))


@pytest.mark.rule("R48")
def test_after_an_erasure_the_page_says_what_is_true(
    planning: Client, the_cell: Cell, case: str, line: Line, person: Person
) -> None:
    number = the_cell.released(case).number
    line.erase(person)
    line.collect()
    page = text(planning.get(f"/handovers/{number}/"))
    assert "The plan went with everything that the person had erased" in page
    assert "Call the unit now" in page
    for untrue in ("altered", "expired", "Seal the sheet anew", "you opened this plan"):
        assert untrue not in page


@pytest.mark.rule("R17")
def test_words_that_do_not_open_keep_nobody_from_calling_the_handover_off(
    planning: Client, the_cell: Cell, case: str
) -> None:
    row = now(the_cell.approved(case))
    assert row.codes is not None
    Handover.objects.filter(pk=row.pk).update(codes=bytes(row.codes[:-1]) + bytes([row.codes[-1] ^ 1]))
    page = text(planning.get(f"/handovers/{row.number}/"))
    assert "Something here was altered" in page
    assert "expired" not in page
    planning.post(f"/handovers/{row.number}/outcome/", {"outcome": "abort", "sure": "yes"})
    assert now(row).state == "aborted"


def shown_in_form(page: str) -> dict[str, str]:
    """What the fields of the plan's form hold."""
    fields = {*plan_form.FIELDS, "seen"} - {"unit", "language"}
    return {name: re.findall(rf'name="{name}"[^>]*? value="([^"]*)"', page)[0] for name in fields}


@pytest.mark.rule("R19")
@pytest.mark.parametrize("how", ["another zone", "retired", "unreadable"])
def test_another_unit_of_another_zone_moves_no_moment_of_a_plan(
    planning: Client, the_cell: Cell, case: str, *, how: str
) -> None:
    other = units.add(the_cell.planner, "Heron 1", replace(CARD, zone="Asia/Tbilisi"))
    handover = the_cell.planned(case)
    if how == "retired":
        units.retire(the_cell.planner, the_cell.receiving.pk)
    elif how == "unreadable":
        ReceivingUnit.objects.filter(pk=the_cell.receiving.pk).update(card=b"")
    before = acts.read(the_cell.planner, handover.number)[2]
    address, chosen = f"/handovers/{handover.number}/plan/", {"unit": str(other.pk), "language": "ru"}
    asked = planning.post(address, shown_in_form(text(planning.get(address))) | chosen)
    assert "as those of Asia/Tbilisi: look at them" in text(asked)
    assert planning.post(address, shown_in_form(text(asked)) | chosen).status_code == 303
    after = acts.read(the_cell.planner, handover.number)[2]
    assert before is not None
    assert after is not None
    assert (after.unit, after.begins, after.ends) == (other.pk, before.begins, before.ends)
    assert after.hold_fire == before.hold_fire


def test_times_that_were_typed_for_one_unit_are_asked_about_for_another(
    planning: Client, the_cell: Cell, case: str
) -> None:
    started = acts.start(the_cell.planner, case)
    other = units.add(the_cell.planner, "Heron 1", replace(CARD, zone="Asia/Tbilisi"))
    address, said = f"/handovers/{started.number}/plan/", form_of(the_cell, signal="", seen=acts.mark(started))
    again = shown_in_form(text(planning.post(address, said)))
    assert (again["zone"], again["begins"]) == ("Europe/Kyiv", said["begins"])
    chosen = {"unit": str(other.pk), "language": "ru", "signal": "White cloth"}
    assert "look at them" in text(planning.post(address, again | chosen))


def hours_from(now: datetime, *, opens: int, closes: int) -> UnitCard:
    """A unit whose hours begin and end so many hours from now."""
    local = now.astimezone(ZoneInfo(CARD.zone))
    times = ((local + timedelta(hours=one)).strftime("%H:%M") for one in (opens, closes))
    return replace(CARD, **dict(zip(("opens", "closes"), times, strict=True)))


def test_a_unit_is_offered_by_its_hours_in_the_window_and_not_at_the_minute_of_typing(
    planning: Client, the_cell: Cell, case: str
) -> None:
    started, now_ = acts.start(the_cell.planner, case), datetime.now(UTC)
    units.change(the_cell.planner, the_cell.receiving.pk, hours_from(now_, opens=-2, closes=1))
    units.add(the_cell.planner, "Heron 1", hours_from(now_, opens=1, closes=5))
    address, said = f"/handovers/{started.number}/plan/", form_of(the_cell, show="yes")
    untimed = strip_tags(text(planning.post(address, said | {"begins": "", "ends": ""})))
    assert re.search(r"Kestrel 3\s+on duty now", untimed)
    timed = strip_tags(text(planning.post(address, said)))
    assert re.search(r"Kestrel 3\s+off duty in the window", timed)
    assert re.search(r"Heron 1\s+on duty in the window", timed)


@pytest.mark.parametrize("step", ["planned", "proposed", "approved", "told", "released"])
def test_every_page_before_the_outcome_warns_that_nobody_is_on_duty_in_the_window(
    planning: Client, the_cell: Cell, case: str, step: str
) -> None:
    warning = "The unit&#x27;s hours do not cover this window"
    handover = getattr(the_cell, step)(case)
    assert warning not in text(planning.get(f"/handovers/{handover.number}/")).replace("'", "&#x27;")
    units.change(the_cell.planner, the_cell.receiving.pk, hours_from(datetime.now(UTC), opens=5, closes=6))
    assert warning in text(planning.get(f"/handovers/{handover.number}/")).replace("'", "&#x27;")


def test_hours_that_end_with_the_window_cover_it(the_cell: Cell) -> None:
    plan = the_cell.plan()
    assert hours.covers(hours_from(plan.begins, opens=0, closes=2), plan.begins, plan.ends)
    assert not hours.covers(hours_from(plan.begins, opens=0, closes=1), plan.begins, plan.ends)
    assert not hours.covers(hours_from(plan.begins, opens=1, closes=3), plan.begins, plan.ends)
