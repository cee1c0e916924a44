# SPDX-License-Identifier: AGPL-3.0-or-later
"""Journeys, quarters, comrades and camps that are proposed, through the browser of each office."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.html import strip_tags
from tests.custody.conftest import ARRIVAL
from tests.custody.movements.conftest import Draw, on, row_of, where
from tests.desk.conftest import House

from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.audit import access as record
from safeconduct.desk.custody import acts, camp_acts, forms
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Camp, Event, Person
from safeconduct.desk.custody.movements import acts as movements
from safeconduct.desk.custody.movements import comrades, list_pages
from safeconduct.desk.custody.movements.audited import OVERFLOW
from safeconduct.desk.custody.movements.models import Comrade, Listed, Movement
from safeconduct.desk.custody.movements.paper_page import paper_of
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import CampKind, Category
from safeconduct.vocabulary.reception import Received, RetainedPersonnel

Doors = Callable[[Role], Client]
MOVE, SEE = {Role.REGISTRAR}, {Role.REGISTRAR, Role.MEDICAL, Role.CAMP_COMMANDER, Role.MONITOR}
QUARTERS = {Role.REGISTRAR, Role.CAMP_COMMANDER}


def day(days: int) -> str:
    return (ARRIVAL + timedelta(days=days)).isoformat()


def text(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.rule("T6")
@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.MEDICAL, Role.CAMP_COMMANDER, Role.MONITOR, Role.MAIL_OFFICE,
                                  Role.BUREAU, Role.COUNSEL, Role.ADMINISTRATOR])  # fmt: skip
def test_each_office_reaches_its_own_pages_of_journeys_and_no_other(
    desk_of: Doors, draw: Draw, people: list[Person], camp: Camp, role: Role
) -> None:
    browser, one = desk_of(role), f"/journeys/{draw().pk}/"
    person = people[0].number
    pages = {
        "/journeys/": SEE, one: SEE, one + "paper/": MOVE, "/allocation/": MOVE, f"/camps/{camp.pk}/journey/": MOVE,
        f"/camps/{camp.pk}/allocation/": MOVE, f"/camps/{camp.pk}/quarters/": QUARTERS, f"/persons/{person}/comrades/": MOVE,
        f"/persons/{person}/allocation/": MOVE,
        f"/camps/{camp.pk}/change/": MOVE, "/commanders/": {Role.REGISTRAR, Role.ADMINISTRATOR},
    }  # fmt: skip
    for path, who in pages.items():
        assert browser.get(path).status_code == (200 if role in who else 404), path
    for step in ("add", "tell", "depart", "arrive", "call-off", f"strike/{Listed.objects.all()[0].pk}"):
        assert browser.post(f"{one}{step}/", {}).status_code == (400 if role in MOVE else 404), step
    assert (browser.post(one + "doctor/", {}).status_code == 404) == (role is not Role.MEDICAL)
    assert Movement.objects.get().state == "drawn-up"


@pytest.mark.rule("R34")
def test_three_offices_bring_a_transfer_to_its_end(
    desk_of: Doors, people: list[Person], camp: Camp, dalni: Camp
) -> None:
    browser, doctor = desk_of(Role.REGISTRAR), desk_of(Role.MEDICAL)
    said = {"kind": "transfer", "to": str(dalni.pk), "departs": day(4), "day": day(2), "numbers": "m-1, M-2\nM-3"}
    made = browser.post(f"/camps/{camp.pk}/journey/", said)
    assert made.status_code == 302
    path, rows = made["Location"], [str(pk) for pk in Listed.objects.values_list("pk", flat=True)]
    assert "up to 25 kg each" in text(browser, path)
    assert "Once all of them have been told" in text(browser, path)
    browser.post(path + "tell/", {"day": day(2)})
    doctor.post(path + "doctor/", {"row": rows[1:], "word": "yes", "day": day(3)})
    doctor.post(path + "doctor/", {"row": rows[:1], "word": "no", "day": day(3)})
    assert "not to travel" in text(browser, path)
    assert browser.post(path + "depart/", {"day": day(4), "row": rows[1]}).status_code == 302
    assert browser.post(path + "arrive/", {"day": day(5)}).status_code == 302
    assert [where(one) for one in people] == [camp, camp, dalni]
    page = text(browser, path)
    assert "did not depart" in page
    assert ("left on" in page, "leaves on" in page) == (True, False)


@pytest.mark.rule("R24", "R34")
@pytest.mark.parametrize(
    ("event", "status"), [("evacuation.listed", 400), ("transfer.planned", 400), ("rights.explained", 302)]
)
def test_nobody_is_listed_without_a_list(desk_of: Doors, people: list[Person], event: str, status: int) -> None:
    browser, path = desk_of(Role.REGISTRAR), f"/persons/{people[0].number}/"
    assert (f'value="{event}"' in text(browser, path)) is (status == 302)
    assert browser.post(path + "enter/", {"event": event, "day": day(2)}).status_code == status


def test_a_day_that_cannot_be_read_is_refused_beside_its_field(
    desk_of: Doors, people: list[Person], camp: Camp, dalni: Camp
) -> None:
    said = {"kind": "transfer", "to": str(dalni.pk), "departs": "5th", "day": "today", "numbers": "M-1"}
    answer = desk_of(Role.REGISTRAR).post(f"/camps/{camp.pk}/journey/", said)
    assert (answer.status_code, answer.content.decode().count('aria-invalid="true"')) == (400, 2)
    assert not Movement.objects.exists()


@pytest.mark.rule("R28", "R34")
@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.CAMP_COMMANDER, Role.MONITOR])
def test_a_list_tells_of_health_only_who_is_not_to_travel(
    desk_of: Doors, medical: Operator, ready: Draw, people: list[Person], role: Role
) -> None:
    movement = ready()
    movements.say_fit(medical, movement, [row_of(movement, people[0])], on(3), fit=False)
    page = strip_tags(text(desk_of(role), f"/journeys/{movement.pk}/").split("<main")[1])  # a ticket is any letters
    assert page.count("not to travel") == 1
    for word in ("sick", "wound", "ill", "hospital", "diagnos"):
        assert word not in page.replace("will", "").replace("kilogram", "").lower(), word


@pytest.mark.rule("R34")
def test_a_refusal_says_whom_it_is_about_and_keeps_what_was_typed(
    desk_of: Doors, draw: Draw, people: list[Person], camp: Camp, dalni: Camp
) -> None:
    draw()
    said = {"kind": "transfer", "to": str(dalni.pk), "departs": day(4), "day": day(2), "numbers": "M-2 NOBODY-7"}
    browser, path = desk_of(Role.REGISTRAR), f"/camps/{camp.pk}/journey/"
    answer = browser.post(path, said)
    assert answer.status_code == 400
    assert "NOBODY-7" in answer.content.decode()
    page = browser.post(path, said | {"numbers": "M-2"}).content.decode()
    assert "another list that has not ended: M-2" in page
    assert "M-2\n</textarea>" in page or "M-2</textarea>" in page
    closed = browser.post(path, said | {"to": "9" * 12})
    assert closed.status_code == 400


@pytest.mark.rule("R34")
def test_a_list_to_a_camp_without_an_address_leads_to_where_it_is_entered_and_offers_no_telling(
    desk_of: Doors, draw: Draw, dalni: Camp
) -> None:
    one, change, telling = f"/journeys/{draw().pk}/", f"/camps/{dalni.pk}/change/", "All of them have been told"
    browser, doctor = desk_of(Role.REGISTRAR), desk_of(Role.MEDICAL)
    known = text(browser, one)
    Camp.objects.filter(pk=dalni.pk).update(address="")
    unknown = text(browser, one)
    assert (telling in known, change in known) == (True, False)
    assert (telling in unknown, change in unknown) == (False, True)
    assert "no postal address" not in text(doctor, one)  # who cannot enter it is not told to


@pytest.mark.rule("T6")
def test_a_commander_sees_the_journeys_of_their_camp_alone(
    *, desk_of: Doors, registrar: Operator, draw: Draw, house: House, camp: Camp, dalni: Camp
) -> None:
    movement, browser = draw(), desk_of(Role.CAMP_COMMANDER)
    commander = house.person(Role.CAMP_COMMANDER).operator
    assert "Dalni" in text(browser, "/journeys/")
    camp_acts.free(registrar, commander, camp)
    assert "Dalni" not in text(browser, "/journeys/")
    assert browser.get(f"/journeys/{movement.pk}/").status_code == 404
    camp_acts.bind(registrar, commander, dalni)  # the camp that they come to
    assert "M-1" in text(browser, f"/journeys/{movement.pk}/")


@pytest.mark.rule("R34", "R49")
def test_the_list_on_paper_names_who_travels_and_nobody_else(
    house: House, medical: Operator, keyring: Keyring, ready: Draw, people: list[Person]
) -> None:
    movement = ready()
    movements.say_fit(medical, movement, [row_of(movement, people[0])], on(3), fit=False)
    form = paper_of(keyring, movement)
    assert [one.prisoner_number for one in form.prisoners] == ["M-2", "M-3"]
    assert (form.prisoners[0].name, form.prisoners[0].told_on, form.new_address) == ("Чхве Мин", day(2), "Box 9, Dalni")
    answer = house.signed_in(Role.REGISTRAR).get(f"/journeys/{movement.pk}/paper/")
    assert answer.content.startswith(b"%PDF-")
    told = {line.told.act for line in record.page([house.keys["monitor"]], before=None).lines if line.told}
    assert "movements.paper" in told


@pytest.mark.rule("R24")
def test_a_commander_gives_quarters_and_the_duty_is_kept(desk_of: Doors, people: list[Person], camp: Camp) -> None:
    browser, path = desk_of(Role.CAMP_COMMANDER), f"/camps/{camp.pk}/quarters/"
    said = {f"category-{people[0].pk}": "women", f"category-{people[1].pk}": "", "day": day(1)}
    assert browser.post(path, said).status_code == 302
    now = Person.objects.select_related("quarters").get(pk=people[0].pk)
    assert now.quarters is not None
    assert now.quarters.category == "women"
    assert Event.objects.filter(kind="quarters.given").count() == 1
    browser.post(path, said)
    assert Event.objects.filter(kind="quarters.given").count() == 1  # nothing was changed


@pytest.mark.rule("R24")
@pytest.mark.rule("R24", "R46")
def test_a_womans_quarters_are_chosen_beforehand_for_whoever_may_read_her_sheet(
    desk_of: Doors, registrar: Operator, camp: Camp
) -> None:
    acts.register(registrar, "W-1", camp, Received(is_woman=True), When(ARRIVAL))
    chosen = '<option value="women" selected>'
    path = f"/camps/{camp.pk}/quarters/"
    assert chosen in desk_of(Role.REGISTRAR).get(path).content.decode()
    assert chosen not in desk_of(Role.CAMP_COMMANDER).get(path).content.decode()
    assert Person.objects.get(number="W-1").quarters is None


@pytest.mark.rule("R24", "R33")
@pytest.mark.parametrize(
    ("rank", "chosen"), [("капітан", ["officers"]), ("солдат", ["other-ranks"]), ("воєвода", []), ("", [])]
)
@pytest.mark.parametrize("page", ["/camps/{camp}/quarters/", "/persons/R-1/allocation/"])
def test_quarters_are_chosen_beforehand_by_the_rank_on_the_sheet(
    *, desk_of: Doors, registrar: Operator, camp: Camp, rank: str, chosen: list[str], page: str
) -> None:
    said = forms.received({"rank": rank, "power": "Ukraine"})
    acts.register(registrar, "R-1", camp, said, When(ARRIVAL))
    shown = desk_of(Role.REGISTRAR).get(page.format(camp=camp.pk)).content.decode()
    assert re.findall(r'<option value="([a-z-]+)" selected>', shown) == chosen


def test_a_registrar_gives_other_quarters_than_the_rank_says(desk_of: Doors, registrar: Operator, camp: Camp) -> None:
    told = acts.register(registrar, "R-1", camp, forms.received({"rank": "капітан", "power": "Ukraine"}), When(ARRIVAL))
    desk_of(Role.REGISTRAR).post(
        f"/camps/{camp.pk}/quarters/", {f"category-{told.pk}": Category.OTHER_RANKS.value, "day": day(1)}
    )
    given = Person.objects.select_related("quarters").get(pk=told.pk).quarters
    assert given is not None
    assert given.category == Category.OTHER_RANKS.value


def test_a_proposal_says_who_is_a_chaplain(desk_of: Doors, registrar: Operator, camp: Camp) -> None:
    told = acts.register(registrar, "C-1", camp, Received(retained=RetainedPersonnel.CHAPLAIN), When(ARRIVAL))
    answer = desk_of(Role.REGISTRAR).post("/persons/C-1/allocation/", {f"category-{told.pk}": ""})
    assert "other ranks; chaplain" in answer.content.decode()


def test_comrades_are_written_down_and_agree_to_part(desk_of: Doors, people: list[Person]) -> None:
    browser, path = desk_of(Role.REGISTRAR), "/persons/M-1/comrades/"
    assert browser.post(path, {"do": "together", "numbers": "M-1"}).status_code == 400
    assert browser.post(path, {"do": "together", "numbers": "M-2 M-3"}).status_code == 302
    assert len(set(Comrade.objects.values_list("party", flat=True))) == 1
    browser.post(path, {"do": "part"})
    assert "agreed to go without them" in text(browser, path)
    assert "agreed to go alone" in text(browser, "/persons/M-2/comrades/")
    browser.post(path, {"do": "rejoin"})
    assert not Comrade.objects.exclude(parted=None).exists()


@pytest.mark.rule("R20", "R21")
def test_what_comrades_share_is_random_and_says_nothing(registrar: Operator, people: list[Person]) -> None:
    comrades.together(registrar, people[:2])
    first = set(Comrade.objects.values_list("party", flat=True))
    Comrade.objects.all().delete()
    comrades.together(registrar, people[:2])
    assert first.isdisjoint(Comrade.objects.values_list("party", flat=True))
    assert {field.name for field in Comrade._meta.get_fields()} == {"id", "person", "party", "parted"}


@pytest.mark.rule("R24")
def test_a_camp_is_proposed_for_one_and_for_all_and_leads_to_a_list(
    desk_of: Doors, registrar: Operator, people: list[Person], camp: Camp, dalni: Camp
) -> None:
    comrades.together(registrar, people[:2])
    Camp.objects.filter(pk=camp.pk).update(kind=CampKind.TRANSIT.value)  # as it was before anybody came
    camp_acts.change(registrar, camp, camp_acts.Standing(CampKind.TRANSIT, {Category.OTHER_RANKS: 5}))
    browser, path = desk_of(Role.REGISTRAR), f"/camps/{camp.pk}/allocation/"
    said = {f"category-{one.pk}": "other-ranks" for one in people}
    page = text_of(browser.post(path, said))
    assert 'value="M-1 M-2"' in page  # comrades have the two places of Dalni; the third stays
    assert "They are here already" in page
    assert Alert.objects.filter(kind=OVERFLOW).exists()
    alone = text_of(browser.post("/persons/M-3/allocation/", {f"category-{people[2].pk}": "other-ranks"}))
    assert 'value="M-3"' in alone
    assert f'name="to" value="{dalni.pk}"' in alone
    assert browser.post(path, said | {f"category-{people[0].pk}": ""}).status_code == 200
    assert browser.post(path, {}).status_code == 400


@pytest.mark.rule("R46")
def test_what_somebody_needs_is_kept_nowhere(desk_of: Doors, people: list[Person], camp: Camp, house: House) -> None:
    said = {f"category-{people[0].pk}": "other-ranks", f"needs-{people[0].pk}": "isolation"}
    desk_of(Role.REGISTRAR).post("/persons/M-1/allocation/", said)
    told = [line.told for line in record.page([house.keys["monitor"]], before=None).lines if line.told]
    assert not any("isolation" in one.subject for one in told)
    assert not Event.objects.filter(person=people[0]).exclude(kind__in=["registered", "arrived"]).exists()


def test_a_camp_that_does_not_say_its_language_is_told_of_by_the_list(
    desk_of: Doors, registrar: Operator, ready: Draw, people: list[Person]
) -> None:
    for row in people[0].pages.all():
        row.delete()
    movement = ready()
    movements.depart(registrar, movement, set(), on(4))
    answer = desk_of(Role.REGISTRAR).post(f"/journeys/{movement.pk}/arrive/", {"day": day(5)})
    assert "Of 1 person who arrived, the language is not known here" in answer.content.decode()


def test_the_allowance_is_what_the_convention_allows() -> None:
    assert list_pages.ALLOWANCE == 25  # art. 46


def test_a_hand_that_moves_somebody_is_told_to_draw_up_a_list(
    desk_of: Doors, people: list[Person], dalni: Camp
) -> None:
    said = {"event": "transferred", "day": day(3), "camp": str(dalni.pk)}
    answer = desk_of(Role.REGISTRAR).post("/persons/M-1/enter/", said)
    assert answer.status_code == 400
    assert "Nobody is moved without a list" in answer.content.decode()


def text_of(answer: object) -> str:
    assert getattr(answer, "status_code", 0) == 200
    return str(answer.content.decode())  # type: ignore[attr-defined]  # the test client's answer
