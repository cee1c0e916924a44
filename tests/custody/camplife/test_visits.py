# SPDX-License-Identifier: AGPL-3.0-or-later
"""Visits: asked for, made, put off by two people for a time, and owed again."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.desk.conftest import House

from safeconduct.desk.approvals.models import Proposal
from safeconduct.desk.custody.camplife import sealed, visits, watching
from safeconduct.desk.custody.camplife.models import Visit, Words
from safeconduct.desk.custody.models import Camp, Event, Owed
from safeconduct.desk.operators.destroying import all_of_them
from safeconduct.desk.operators.roles import Role

Doors = Callable[[Role], Client]
REASON = "shelling of the road, seen by the duty officer"


def today() -> date:
    return timezone.localdate()


def on(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()


def owed(camp: Camp) -> set[str]:
    return set(Owed.objects.filter(camp=camp, duty="visit").values_list("of", flat=True))


def text(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def approve(browser: Client, path: str) -> int:
    """As whoever reads the page and presses its button."""
    read = re.findall(r'name="read" value="([0-9a-f]+)"', text(browser, path))
    return int(browser.post(path + "refuse/", {"read": "".join(read)}).status_code)


def refused_until_yesterday(commander: Client, registry: Client, asked: Visit, path: str) -> None:
    commander.post(path + "propose/", {"reason": REASON, "until": on(1)})
    assert approve(registry, path) == 302
    asked.refusals.update(until=today() - timedelta(days=1), refused=today() - timedelta(days=2))
    Event.objects.filter(kind="visit.refused").update(happened=today() - timedelta(days=2))
    watching.look(today())


@pytest.fixture
def asked(commander: Client, camp: Camp) -> Visit:
    assert commander.post(f"/camps/{camp.pk}/visits/ask/", {"body": "ICRC", "day": on(-2)}).status_code == 302
    return Visit.objects.get()


@pytest.fixture
def path(asked: Visit) -> str:
    return f"/camps/{asked.camp_id}/visits/{asked.pk}/"


@pytest.mark.rule("R35")
def test_a_visit_that_was_asked_for_is_owed_within_a_week_until_it_is_made(
    commander: Client, desk_of: Doors, camp: Camp, asked: Visit, path: str
) -> None:
    assert Owed.objects.get(camp=camp, duty="visit").due == asked.asked + timedelta(days=7)
    made = {"day": on(0), "count": "3", "everywhere": "yes", "alone": "yes", "visitors": "Ms. Favre", "places": "all"}
    assert commander.post(path + "made/", made).status_code == 404  # the camp does not say so of itself
    assert owed(camp) == {asked.name}
    assert desk_of(Role.REGISTRAR).post(path + "made/", made).status_code == 302
    assert owed(camp) == set()
    assert Visit.objects.get().is_without_witnesses


@pytest.mark.rule("R35")
def test_whoever_may_say_that_a_visit_was_made_is_led_there_from_the_list(
    commander: Client, desk_of: Doors, camp: Camp, path: str
) -> None:
    listed = f"/camps/{camp.pk}/visits/"
    assert f'href="{path}#made"' in text(desk_of(Role.REGISTRAR), listed)
    assert 'id="made"' in text(desk_of(Role.REGISTRAR), path)
    assert "#made" not in text(commander, listed)


@pytest.mark.rule("R35")
def test_one_visit_does_not_answer_for_another(
    commander: Client, desk_of: Doors, camp: Camp, asked: Visit, path: str
) -> None:
    commander.post(f"/camps/{camp.pk}/visits/ask/", {"body": "PP", "day": on(-1)})
    assert desk_of(Role.REGISTRAR).post(path + "made/", {"day": on(0), "count": "3"}).status_code == 302
    other = Visit.objects.get(body="PP")
    assert owed(camp) == {other.name}


@pytest.mark.rule("R35")
def test_a_refusal_needs_a_reason_an_end_and_another_person(
    commander: Client, desk_of: Doors, camp: Camp, asked: Visit, path: str
) -> None:
    registry = desk_of(Role.REGISTRAR)
    assert registry.post(path + "refuse/").status_code == 400  # nobody asks for it
    assert commander.post(path + "propose/", {"reason": "", "until": on(5)}).status_code == 400
    assert commander.post(path + "propose/", {"reason": REASON, "until": ""}).status_code == 400
    assert commander.post(path + "propose/", {"reason": REASON, "until": on(15)}).status_code == 400
    assert commander.post(path + "propose/", {"reason": REASON, "until": on(5)}).status_code == 302
    assert owed(camp) == {asked.name}  # one person alone refuses nothing
    assert commander.post(path + "refuse/").status_code == 404
    assert approve(registry, path) == 302
    assert owed(camp) == set()


@pytest.mark.rule("R35")
def test_nobody_approves_the_refusal_that_they_asked_for(desk_of: Doors, camp: Camp, asked: Visit, path: str) -> None:
    registry = desk_of(Role.REGISTRAR)
    registry.post(path + "propose/", {"reason": REASON, "until": on(5)})
    assert approve(registry, path) == 400
    assert owed(camp) == {asked.name}


@pytest.mark.rule("R35")
def test_what_was_not_read_is_not_approved(
    commander: Client, desk_of: Doors, camp: Camp, asked: Visit, path: str
) -> None:
    commander.post(path + "propose/", {"reason": REASON, "until": on(1)})
    registry = desk_of(Role.REGISTRAR)
    read = re.findall(r'name="read" value="([0-9a-f]+)"', text(registry, path))
    commander.post(path + "propose/", {"reason": "we do not like them", "until": on(14)})
    answer = registry.post(path + "refuse/", {"read": "".join(read)})
    assert answer.status_code == 409
    assert "we do not like them" in answer.content.decode()
    assert registry.post(path + "refuse/", {"read": "é"}).status_code == 409
    assert owed(camp) == {asked.name}


@pytest.mark.rule("R35")
def test_when_a_refusal_ends_the_visit_is_owed_again(
    commander: Client, desk_of: Doors, camp: Camp, asked: Visit, path: str
) -> None:
    refused_until_yesterday(commander, desk_of(Role.REGISTRAR), asked, path)
    watching.look(today())  # the same again changes nothing
    assert owed(camp) == {asked.name}
    assert Event.objects.filter(kind="visit.owed_again").count() == 1
    assert visits.refused_now(asked) is None


@pytest.mark.rule("R35")
def test_a_visit_made_before_its_refusal_ended_is_not_owed_for_ever(
    commander: Client, desk_of: Doors, camp: Camp, asked: Visit, path: str
) -> None:
    refused_until_yesterday(commander, desk_of(Role.REGISTRAR), asked, path)
    assert owed(camp) == {asked.name}
    assert desk_of(Role.REGISTRAR).post(path + "made/", {"day": on(-2), "count": "3"}).status_code == 302
    assert owed(camp) == set()


@pytest.mark.rule("R35")
def test_a_refusal_that_still_holds_is_let_be(
    commander: Client, desk_of: Doors, camp: Camp, asked: Visit, path: str
) -> None:
    commander.post(path + "propose/", {"reason": REASON, "until": on(1)})
    assert approve(desk_of(Role.REGISTRAR), path) == 302
    watching.look(today() + timedelta(days=1))
    assert owed(camp) == set()
    assert commander.post(path + "propose/", {"reason": REASON, "until": on(3)}).status_code == 400


@pytest.mark.rule("R35")
def test_a_reason_that_was_changed_meanwhile_is_not_approved(
    commander: Client, desk_of: Doors, camp: Camp, asked: Visit, path: str
) -> None:
    commander.post(path + "propose/", {"reason": REASON, "until": on(5)})
    Proposal.objects.update(digest=b"x" * 32)
    assert approve(desk_of(Role.REGISTRAR), path) == 400
    assert owed(camp) == {asked.name}


@pytest.mark.rule("R35", "T3")
def test_the_registrars_and_the_monitor_read_a_reason_and_nobody_else(
    commander: Client, desk_of: Doors, asked: Visit, path: str
) -> None:
    commander.post(path + "propose/", {"reason": REASON, "until": on(5)})
    assert REASON in text(desk_of(Role.REGISTRAR), path)
    assert REASON in text(desk_of(Role.MONITOR), path)
    assert REASON not in text(commander, path)
    assert REASON not in text(desk_of(Role.COUNSEL), path)
    assert not any(b"shelling" in bytes(row.body) for row in Words.objects.all())


@pytest.mark.rule("R35")
def test_the_log_prints_visits_and_what_was_put_off(
    commander: Client, desk_of: Doors, camp: Camp, asked: Visit, path: str
) -> None:
    commander.post(path + "propose/", {"reason": REASON, "until": on(5)})
    registry = desk_of(Role.REGISTRAR)
    approve(registry, path)
    registry.post(path + "made/", {"day": on(0), "count": "3", "visitors": "Ms. Favre"})
    answer = registry.get(f"/camps/{camp.pk}/visits/print/")
    assert answer["Content-Type"] == "application/pdf"
    assert commander.get(f"/camps/{camp.pk}/visits/print/").status_code == 404


@pytest.mark.parametrize("made", [{"day": on(-9)}, {"day": on(2)}, {"count": "some"}, {"day": ""}])
def test_a_visit_that_cannot_have_been_is_refused(
    desk_of: Doors, camp: Camp, asked: Visit, path: str, made: dict[str, str]
) -> None:
    assert desk_of(Role.REGISTRAR).post(path + "made/", {"day": on(0), "count": "3"} | made).status_code == 400
    assert owed(camp) == {asked.name}


@pytest.mark.parametrize(
    ("arrived", "left", "status"),
    [
        ("14:30", "9:15", 400),
        ("14.30", "14.29", 400),
        ("14:30", "14:30", 302),
        ("9:15", "14:30", 302),
        ("22:00", "01:00 the next day", 302),
        ("", "9:15", 302),
    ],
)
def test_nobody_leaves_before_they_have_arrived(
    *, desk_of: Doors, asked: Visit, path: str, arrived: str, left: str, status: int
) -> None:
    said = {"day": on(0), "count": "2", "arrived": arrived, "left": left}
    answer = desk_of(Role.REGISTRAR).post(path + "made/", said)
    asked.refresh_from_db()
    assert (answer.status_code, asked.made is None) == (status, status == 400)
    if status == 400:
        page = answer.content.decode()
        assert "left before they arrived" in page
        assert f'value="{left}"' in page


def test_a_visit_of_another_camp_is_not_here(commander: Client, house: House, asked: Visit) -> None:
    assert commander.get(f"/camps/{asked.camp_id}/visits/{asked.pk + 1}/").status_code == 404


@pytest.mark.rule("R51")
def test_destroying_the_keys_leaves_no_reason_that_shares_could_open(
    commander: Client, asked: Visit, path: str
) -> None:
    commander.post(path + "propose/", {"reason": REASON, "until": on(5)})
    (words,) = [one for one in all_of_them() if one.code == "camplife.words"]
    assert words.count() == words.destroy() == len(sealed.TEAMS)
    assert {bytes(row.body) for row in Words.objects.all()} == {b""}


def made(**changed: str) -> dict[str, str]:
    return {"day": on(0), "count": "3", "alone": "yes", "visitors": "Ms. Favre"} | changed


def struck(shown: str, mistake: str = "other-meant") -> dict[str, str]:
    return {"shown": shown, "mistake": mistake}


@pytest.mark.rule("R35")
def test_a_visit_that_was_never_made_is_owed_again_and_what_was_entered_stays_to_be_read(
    desk_of: Doors, camp: Camp, asked: Visit, path: str
) -> None:
    registry = desk_of(Role.REGISTRAR)
    registry.post(path + "made/", made())
    assert registry.post(path + "strike/", struck("made")).status_code == 302
    assert owed(camp) == {asked.name}
    wrong = Event.objects.get(kind="visit.made", corrects=None)
    assert (wrong.stands, wrong.corrected_by.stands) == (False, False)
    registry.post(path + "made/", made(visitors="Mr. Ito"))
    page = text(registry, path)
    assert page.index("Mr. Ito") < page.index("<h2>Struck</h2>") < page.index("Ms. Favre")
    assert (owed(camp), "another person, camp, visit or piece" in page) == (set(), True)
    assert "Ms. Favre" not in text(desk_of(Role.COUNSEL), path)


@pytest.mark.rule("R35")
def test_a_visit_that_was_never_asked_for_is_owed_to_nobody_and_the_monitor_hears_of_it(
    desk_of: Doors, camp: Camp, asked: Visit, path: str
) -> None:
    registry = desk_of(Role.REGISTRAR)
    registry.post(path + "propose/", {"reason": REASON, "until": on(5)})
    assert registry.post(path + "strike/", struck("asked", "twice")).status_code == 302
    assert owed(camp) == set()
    assert not Proposal.objects.filter(state="open").exists()
    assert "struck: it was entered by mistake" in text(registry, f"/camps/{camp.pk}/visits/")
    assert registry.post(path + "made/", made()).status_code == 400
    assert registry.post(path + "strike/", struck("asked")).status_code == 409
    heard = {role for role in (Role.MONITOR, Role.REGISTRAR) if "a visit was struck" in text(desk_of(role), "/alerts/")}
    assert heard == {Role.MONITOR}


@pytest.mark.rule("R35")
@pytest.mark.parametrize(
    ("said", "status"), [({"shown": "asked"}, 400), (struck("made"), 409), (struck("asked", "because"), 400), ({}, 400)]
)
def test_an_entry_is_struck_for_a_reason_of_the_list_and_as_the_page_showed_it(
    desk_of: Doors, asked: Visit, path: str, said: dict[str, str], status: int
) -> None:
    assert desk_of(Role.REGISTRAR).post(path + "strike/", said).status_code == status
    assert owed(asked.camp) == {asked.name}


@pytest.mark.rule("R35")
def test_the_camp_that_owes_a_visit_does_not_strike_it(commander: Client, asked: Visit, path: str) -> None:
    assert commander.post(path + "strike/", struck("asked")).status_code == 404
    assert "Strike the entry" not in text(commander, path)
    assert owed(asked.camp) == {asked.name}


@pytest.mark.rule("R35")
def test_a_visit_that_was_never_made_is_owed_though_its_refusal_ended_meanwhile(
    commander: Client, desk_of: Doors, camp: Camp, asked: Visit, path: str
) -> None:
    registry = desk_of(Role.REGISTRAR)
    commander.post(path + "propose/", {"reason": REASON, "until": on(1)})
    assert approve(registry, path) == 302
    registry.post(path + "made/", made())
    asked.refusals.update(until=today() - timedelta(days=1), refused=today() - timedelta(days=2))
    Event.objects.filter(kind="visit.refused").update(happened=today() - timedelta(days=2))
    watching.look(today())
    assert owed(camp) == set()
    registry.post(path + "strike/", struck("made"))
    assert owed(camp) == {asked.name}
