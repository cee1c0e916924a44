# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people are trained for: a supervisor says it, beside the languages that they say themselves."""

import pytest
from django.test import Client
from tests.desk.conftest import House, Person
from tests.desk.project.test_duty import Told, _key_for_calls, keep, olena, on_duty, page, told

from safeconduct.desk.audit import access as record
from safeconduct.desk.operators import acts, duty, duty_acts
from safeconduct.desk.operators.duty import Card
from safeconduct.desk.operators.errors import NotAllowed
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.skills import NEEDED, SKILLS

__all__ = ["_key_for_calls", "olena", "on_duty", "told"]


@pytest.fixture
def supervisor(house: House) -> Client:
    return house.signed_in(Role.SUPERVISOR)


def note(supervisor: Client, person: Person, *skills: str) -> int:
    return int(supervisor.post(f"/people/{person.operator.pk}/skills/", {"skills": list(skills)}).status_code)


def test_what_a_supervisor_notes_shows_to_both_and_is_told_the_public_door_at_once(
    supervisor: Client, on_duty: Person, told: Told
) -> None:
    assert told.says().phones[0].skills == ()
    assert note(supervisor, on_duty, "minors", "telephone") == 303
    assert told.says().phones[0].skills == ("telephone", "minors")
    assert "noted what you are trained for: Answering calls, Minors." in page(on_duty.browser)
    assert "<td>Answering calls, Minors " in page(supervisor)
    assert 'value="minors" checked' in supervisor.get(f"/people/{on_duty.operator.pk}/skills/").content.decode()


def test_a_duty_card_that_is_kept_again_changes_nothing_of_it(supervisor: Client, olena: Person) -> None:
    note(supervisor, olena, "legal")
    keep(olena.browser, skills=["telephone"], languages=["ar"])
    assert duty.brings(olena.operator) == Card(("ar",), ("legal",), phone="")


def test_skills_before_a_language_put_nobody_on_duty_who_has_not_said_what_they_speak(
    supervisor: Client, olena: Person, told: Told
) -> None:
    note(supervisor, olena, "legal")
    assert duty.brings(olena.operator) is None
    answer = olena.browser.post("/duty/begin/")
    assert "Say first which languages" in olena.browser.get(answer.headers["Location"]).content.decode()
    assert told.says().languages == ()
    assert duty.skills_of(olena.operator) == ("legal",)


@pytest.mark.rule("T6")
def test_nobody_else_says_it_and_only_of_those_who_go_on_duty(house: House, supervisor: Client, olena: Person) -> None:
    planner = house.person(Role.PLANNER)
    assert note(olena.browser, olena, "legal") == 404
    assert note(supervisor, planner, "legal") == 404
    acts.deactivate(olena.operator, actor=house.person(Role.ADMINISTRATOR).operator)
    assert note(supervisor, olena, "legal") == 404
    for actor, of in ((planner, planner), (house.person(Role.SUPERVISOR), planner)):
        with pytest.raises(NotAllowed):
            duty_acts.set_skills(actor.operator, of.operator, ["legal"])


def test_what_is_not_in_the_list_is_refused_and_nothing_changes(supervisor: Client, olena: Person) -> None:
    note(supervisor, olena, "legal")
    assert note(supervisor, olena, "legal", "poison") == 400
    assert duty.skills_of(olena.operator) == ("legal",)
    assert note(supervisor, olena) == 303
    assert duty.skills_of(olena.operator) == ()


@pytest.mark.rule("R49")
def test_it_is_recorded_who_said_it_of_whom(house: House, supervisor: Client, olena: Person) -> None:
    note(supervisor, olena, "legal", "units")
    lines = [line.told for line in record.page([house.keys["monitor"]]).lines]
    found = [(one.actor, one.subject) for one in lines if one and one.act == "operators.skills"]
    assert found == [("supervisor one", "operator one: units legal")]


def test_every_skill_has_words_and_a_case_may_need_each_but_calls(supervisor: Client, olena: Person) -> None:
    form = supervisor.get(f"/people/{olena.operator.pk}/skills/").content.decode()
    assert [f'value="{skill}"' in form for skill in SKILLS] == [True] * len(SKILLS)
    assert "does not know yet" not in form
    assert set(SKILLS) - set(NEEDED) == {"telephone"}
