# SPDX-License-Identifier: AGPL-3.0-or-later
"""Prisoners' representatives: counts, approval, and a place that is left empty."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone
from tests.custody.conftest import ARRIVAL, SOMEBODY

from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.custody import acts, numbering
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.camplife import elections, watching
from safeconduct.desk.custody.camplife.models import Election, Representative
from safeconduct.desk.custody.models import Camp, Owed, Person
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import Category, PersonEvent

Doors = Callable[[Role], Client]
BALLOT = {"way": "ballot", "voters": "3", "cast": "3", "elected": "UA-1 2\nua-2 1"}


def today() -> date:
    return timezone.localdate()


def rings() -> bool:
    return Alert.objects.filter(kind="camplife.vacant", is_over=False).exists()


def elect(browser: Client, camp: Camp, **changed: str) -> int:
    said = BALLOT | {"day": today().isoformat()} | changed
    return int(browser.post(f"/camps/{camp.pk}/representatives/elect/", said).status_code)


def decide(browser: Client, camp: Camp, number: str, **said: str) -> int:
    row = Representative.objects.get(person__number=number)
    path = f"/camps/{camp.pk}/representatives/{row.pk}/decide/"
    return int(browser.post(path, {"day": today().isoformat(), "decision": "approved"} | said).status_code)


def end(browser: Client, camp: Camp, number: str, why: str) -> int:
    row = Representative.objects.get(person__number=number)
    path = f"/camps/{camp.pk}/representatives/{row.pk}/end/"
    return int(browser.post(path, {"day": today().isoformat(), "why": why}).status_code)


def hears(browser: Client, what: str) -> bool:
    sentences = {"struck": "An election of representatives was struck", "ended": "an approved representative was ended"}
    return sentences[what] in browser.get("/alerts/").content.decode()


@pytest.fixture
def elected(commander: Client, desk_of: Doors, camp: Camp, held: list[Person]) -> list[Person]:
    assert elect(commander, camp) == 302
    for one in held[:2]:
        assert decide(desk_of(Role.REGISTRAR), camp, one.number) == 302
    return held[:2]


@pytest.mark.rule("R31")
def test_somebody_is_elected_under_the_number_that_the_paper_still_bears(
    commander: Client, registrar: Operator, camp: Camp, held: list[Person]
) -> None:
    numbering.renumber(registrar, held[0], "UA-21")
    assert elect(commander, camp) == 302
    assert Representative.objects.filter(person__number="UA-21").exists()
    assert elect(commander, camp, elected="UA-1 2\nUA-21 1") == 400  # one person


def test_a_field_that_holds_a_nul_is_read_past_it(commander: Client, camp: Camp, held: list[Person]) -> None:
    assert elect(commander, camp, elected="UA-1\0 2\nua-2 1") == 302


@pytest.mark.rule("R31")
def test_one_election_is_not_entered_twice(commander: Client, camp: Camp, held: list[Person]) -> None:
    yesterday = (today() - timedelta(days=1)).isoformat()
    assert [elect(commander, camp), elect(commander, camp), elect(commander, camp, day=yesterday)] == [302, 400, 302]
    assert (Election.objects.count(), camp.events.filter(kind="representatives.elected").count()) == (2, 2)
    made = Election.objects.get(event__happened=today())
    commander.post(f"/camps/{camp.pk}/representatives/elections/{made.pk}/strike/", {"mistake": "twice"})
    assert elect(commander, camp) == 302


@pytest.mark.rule("R31")
def test_when_nobody_is_left_of_an_election_another_follows_on_the_same_day(
    commander: Client, desk_of: Doors, camp: Camp, held: list[Person]
) -> None:
    assert elect(commander, camp) == 302
    said = {"decision": "refused", "power_told": today().isoformat()}
    assert decide(desk_of(Role.REGISTRAR), camp, "UA-1", **said) == 302
    assert elect(commander, camp) == 400
    assert decide(desk_of(Role.REGISTRAR), camp, "UA-2", **said) == 302
    assert elect(commander, camp, elected="UA-3 3") == 302


@pytest.mark.rule("R31")
def test_the_senior_officer_and_a_ballot_may_have_one_day(commander: Client, camp: Camp, held: list[Person]) -> None:
    camp.quarters.create(category=Category.OFFICERS.value, places=2)
    senior = {"way": "senior", "voters": "", "cast": "", "elected": "UA-3"}
    assert [elect(commander, camp), elect(commander, camp, **senior), elect(commander, camp, **senior)] == [
        302,
        302,
        400,
    ]


@pytest.mark.rule("R31")
def test_an_election_is_good_for_six_months(camp: Camp, elected: list[Person]) -> None:
    assert Owed.objects.get(camp=camp, duty="election").since == today()
    assert {one.person for one in elections.acting(camp, today())} == set(elected)
    assert not elections.acting(camp, today() + timedelta(days=184)).exists()


@pytest.mark.rule("R31")
def test_nothing_is_kept_of_who_voted_or_how(elected: list[Person]) -> None:
    models = apps.get_app_config("custody_camplife").get_models()
    of_people = {
        (model.__name__, one.name)
        for model in models
        for one in model._meta.get_fields()
        if one.related_model is Person
    }
    assert of_people == {("Representative", "person")}
    assert {field.name for field in Election._meta.fields} == {"id", "camp", "event", "way", "voters", "cast", "until"}


@pytest.mark.rule("R31")
@pytest.mark.parametrize(
    "wrong",
    [
        {"cast": "4"}, {"cast": "0"}, {"elected": "UA-1 4"}, {"voters": "many"}, {"elected": ""}, {"elected": "UA-9 1"},
        {"elected": "UA-1"}, {"way": "senior"}, {"way": ""}, {"day": "2999-01-01"},
    ],
)  # fmt: skip
def test_counts_and_people_that_cannot_be_are_refused(
    commander: Client, camp: Camp, held: list[Person], wrong: dict[str, str]
) -> None:
    assert elect(commander, camp, **wrong) == 400
    assert not Election.objects.exists()
    assert Owed.objects.get(camp=camp, duty="election").since == ARRIVAL


@pytest.mark.rule("R31")
def test_in_a_camp_for_officers_the_senior_officer_represents_them(
    registrar: Operator, commander: Client, camp: Camp
) -> None:
    camp.quarters.all().delete()
    camp.quarters.create(category=Category.OFFICERS.value, places=2)
    acts.register(registrar, "UA-1", camp, SOMEBODY, When(ARRIVAL))
    assert elect(commander, camp, elected="UA-1 1") == 400
    senior = {"way": "senior", "voters": "", "cast": "", "elected": "UA-1"}
    for typed in ({"cast": "20"}, {"voters": "10"}, {"elected": "UA-1 9"}):
        assert elect(commander, camp, **senior | typed) == 400
    assert elect(commander, camp, **senior) == 302
    assert Election.objects.get().cast == 0


@pytest.mark.rule("R31")
def test_a_refusal_says_when_the_protecting_power_was_told_why(
    commander: Client, desk_of: Doors, camp: Camp, held: list[Person]
) -> None:
    elect(commander, camp)
    registry = desk_of(Role.REGISTRAR)
    assert decide(registry, camp, "UA-1", decision="refused") == 400
    assert decide(registry, camp, "UA-1", decision="refused", power_told=today().isoformat()) == 302
    assert decide(registry, camp, "UA-1") == 400  # decided already
    assert not elections.acting(camp, today()).exists()


@pytest.mark.rule("R31")
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_nothing_is_decided_ahead_of_today_or_before_the_election(
    commander: Client, desk_of: Doors, camp: Camp, held: list[Person], day: str
) -> None:
    elect(commander, camp)
    registry, row = desk_of(Role.REGISTRAR), Representative.objects.get(person__number="UA-1")
    assert decide(registry, camp, "UA-1", day=day) == 400
    assert decide(registry, camp, "UA-1", day=day, decision="refused", power_told=today().isoformat()) == 400
    assert decide(registry, camp, "UA-1", decision="refused", power_told=day) == 400
    assert (
        commander.post(f"/camps/{camp.pk}/representatives/{row.pk}/end/", {"day": day, "why": "unable"}).status_code
        == 400
    )
    row.refresh_from_db()
    assert (row.approved, row.refused, row.power_told, row.ended) == (None, None, None, None)


@pytest.mark.rule("R31")
def test_whoever_is_elected_acts_only_once_approved(
    commander: Client, desk_of: Doors, camp: Camp, held: list[Person]
) -> None:
    elect(commander, camp)
    assert rings()
    assert decide(commander, camp, "UA-1") == 404  # who enters the election does not approve it
    decide(desk_of(Role.REGISTRAR), camp, "UA-1")
    assert not rings()


@pytest.mark.rule("R31")
def test_a_camp_that_loses_its_last_representative_rings(
    registrar: Operator, camp: Camp, elected: list[Person]
) -> None:
    acts.happen(registrar, elected[0], PersonEvent.ESCAPED, When(today()))
    assert not rings()
    acts.happen(registrar, elected[1], PersonEvent.RELEASED, When(today()))
    assert rings()


@pytest.mark.rule("R31")
def test_a_term_that_runs_out_rings_by_itself(camp: Camp, elected: list[Person]) -> None:
    Election.objects.update(until=today() - timedelta(days=1))
    watching.look(today())
    assert rings()


@pytest.mark.rule("R31")
def test_an_election_that_was_not_held_counts_no_more(commander: Client, camp: Camp, elected: list[Person]) -> None:
    path = f"/camps/{camp.pk}/representatives/elections/{Election.objects.get().pk}/strike/"
    assert commander.post(path).status_code == 400
    assert elections.acting(camp, today()).count() == 2
    assert commander.post(path, {"mistake": "not-happened"}).status_code == 302
    assert not elections.acting(camp, today()).exists()
    assert Owed.objects.get(camp=camp, duty="election").since == ARRIVAL
    page = commander.get(f"/camps/{camp.pk}/representatives/").content.decode()
    assert page.index("<h2>Struck</h2>") < page.index(elected[0].number)


@pytest.mark.rule("R31")
def test_a_camp_whose_only_election_was_struck_still_rings(
    commander: Client, desk_of: Doors, camp: Camp, elected: list[Person]
) -> None:
    path = f"/camps/{camp.pk}/representatives/elections/{Election.objects.get().pk}/strike/"
    assert not rings()
    commander.post(path, {"mistake": "not-happened"})
    assert rings()
    assert {role for role in (Role.MONITOR, Role.REGISTRAR, Role.CAMP_COMMANDER) if hears(desk_of(role), "struck")} == {
        Role.MONITOR
    }


@pytest.mark.rule("R31")
def test_the_monitor_hears_when_an_approved_representative_is_one_no_more(
    commander: Client, desk_of: Doors, camp: Camp, held: list[Person]
) -> None:
    elect(commander, camp)
    decide(desk_of(Role.REGISTRAR), camp, "UA-1")
    assert end(commander, camp, "UA-2", "gave-up") == 302  # nobody had approved them
    assert not hears(desk_of(Role.MONITOR), "ended")
    assert [end(commander, camp, "UA-1", why) for why in ("", "because", "voted-out")] == [400, 400, 302]
    assert {role for role in (Role.MONITOR, Role.REGISTRAR, Role.CAMP_COMMANDER) if hears(desk_of(role), "ended")} == {
        Role.MONITOR
    }


def test_a_representative_who_ends_it_acts_no_more(commander: Client, camp: Camp, elected: list[Person]) -> None:
    assert end(commander, camp, elected[0].number, "gave-up") == 302
    assert [one.person for one in elections.acting(camp, today())] == [elected[1]]
