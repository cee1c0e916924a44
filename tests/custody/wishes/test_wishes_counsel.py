# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody says of serving goes to independent counsel and nowhere else, and nothing offers it (R42)."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from tests.desk.conftest import House

import safeconduct.desk.custody.wishes as room
from safeconduct.desk.alerts import registry
from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.custody import acts as register
from safeconduct.desk.custody import offices, sealed
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Owed, Person, Sealed
from safeconduct.desk.custody.telling import EVENTS
from safeconduct.desk.custody.wishes import access, acts, records
from safeconduct.desk.custody.wishes.audited import UNHEARD
from safeconduct.desk.operators import acts as people
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.errors import NotAdmitted
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import TeamKey
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import PersonEvent

Doors = Callable[[Role], Client]
WORDS = "I would fight on your side"
OTHERS = [Role.REGISTRAR, Role.CAMP_COMMANDER, Role.MEDICAL, Role.MAIL_OFFICE, Role.BUREAU, Role.MONITOR]


@pytest.mark.rule("R42")
@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.CAMP_COMMANDER, Role.MEDICAL, Role.MAIL_OFFICE])
def test_whoever_hears_it_passes_it_on_and_cannot_read_it_again(desk_of: Doors, person: Person, role: Role) -> None:
    browser, path = desk_of(role), f"/persons/{person.number}/counsel/"
    assert browser.post(path, {"words": WORDS}).status_code == 200
    assert WORDS not in browser.get(path).content.decode()
    assert browser.get(path + "words/").status_code == 404
    assert WORDS in desk_of(Role.COUNSEL).get(path + "words/").content.decode()


@pytest.mark.rule("R42")
def test_the_words_are_sealed_to_counsel_alone(keys: Keyring, counsel: Keyring, person: Person) -> None:
    acts.tell_counsel(keys.operator, person, WORDS)
    assert list(Sealed.objects.filter(kind="counsel").values_list("team", flat=True)) == ["counsel"]
    with pytest.raises(NotAdmitted):
        sealed.every(keys, person, records.FOR_COUNSEL)
    assert [one.record.words for one in sealed.every(counsel, person, records.FOR_COUNSEL)] == [WORDS]


@pytest.mark.rule("R42")
def test_words_that_are_too_long_are_refused_whole_and_stay_on_the_page(desk_of: Doors, person: Person) -> None:
    path, most = f"/persons/{person.number}/counsel/", "a" * 4_000
    answer = desk_of(Role.MAIL_OFFICE).post(path, {"words": most + "and they beat me"})
    assert answer.status_code == 400
    assert "and they beat me" in answer.content.decode()
    assert "longer than 4,000 characters" in answer.content.decode()
    assert not Sealed.objects.filter(kind="counsel").exists()
    assert desk_of(Role.MAIL_OFFICE).post(path, {"words": most}).status_code == 200


@pytest.mark.rule("R42")
def test_status_and_treatment_stay_and_only_counsel_owes_anything(keys: Keyring, person: Person) -> None:
    before = Person.objects.values().get(pk=person.pk), set(Owed.objects.values_list("duty", "due"))
    acts.tell_counsel(keys.operator, person, WORDS)
    assert Person.objects.values().get(pk=person.pk) == before[0]
    ((duty, _),) = set(Owed.objects.values_list("duty", "due")) - before[1]
    assert duty == "counsel"
    assert not Sealed.objects.filter(kind="wish").exists()


@pytest.mark.rule("R42", "T6")
def test_counsel_alone_hears_the_alarm(keys: Keyring, house: House, person: Person) -> None:
    acts.tell_counsel(keys.operator, person, WORDS)
    assert Alert.objects.filter(kind="custody.counsel").exists()
    assert "Somebody has asked for counsel" in house.signed_in(Role.COUNSEL).get("/alerts/").content.decode()
    for role in (Role.REGISTRAR, Role.CAMP_COMMANDER, Role.ADMINISTRATOR):
        page = house.signed_in(role).get("/alerts/").content.decode()
        assert "counsel</h2>" not in page
        assert "1 alert" not in page


@pytest.mark.rule("R42")
@pytest.mark.parametrize("role", OTHERS)
def test_counsels_pages_are_nobody_elses(desk_of: Doors, person: Person, role: Role) -> None:
    for path in ("/counsel/", f"/persons/{person.number}/counsel/words/"):
        assert desk_of(role).get(path).status_code == 404


@pytest.mark.rule("R42")
def test_nothing_here_offers_or_registers_service() -> None:
    here = Path(room.__file__).parent
    shown = [*here.glob("templates/**/*.html"), here / "telling.py", here / "audited.py", here / "errors.py"]
    told = " ".join(path.read_text(encoding="utf-8").lower() for path in shown) + " ".join(map(str, EVENTS.values()))
    assert not [
        word for word in ("serve ", "service in", "armed force", "enlist", "recruit you", "volunteer") if word in told
    ]
    hidden = [role for role in roles.here() if PersonEvent.SPONTANEOUS_OFFER in offices.hidden_from(role)]
    assert set(hidden) == roles.here() - {Role.COUNSEL, Role.MONITOR}


@pytest.mark.rule("R42")
@pytest.mark.parametrize("has_come", [True, False])
def test_that_somebody_left_unheard_rings_at_counsel_and_the_monitor(
    keys: Keyring, house: House, person: Person, *, has_come: bool
) -> None:
    acts.tell_counsel(keys.operator, person, WORDS)
    if has_come:
        register.enter(house.person(Role.COUNSEL).operator, person, PersonEvent.COUNSEL_SAW, When(register.today()))
    register.enter(keys.operator, person, PersonEvent.ESCAPED, When(register.today()))
    for role in (Role.COUNSEL, Role.MONITOR):
        page = house.signed_in(role).get("/alerts/").content.decode()
        assert ("Somebody left before counsel had spoken with them" in page) is not has_come
    assert UNHEARD in registry.hidden_from(Role.REGISTRAR)


@pytest.mark.rule("R42")
def test_where_nobody_holds_counsels_key_nobody_is_told_that_counsel_will_come(
    desk_of: Doors, house: House, person: Person
) -> None:
    path = f"/persons/{person.number}/counsel/"
    counsel = house.person(Role.COUNSEL).operator
    assert "who will come" in desk_of(Role.MEDICAL).post(path, {"words": WORDS}).content.decode()
    TeamKey.objects.filter(team__code="counsel").update(shares="2/3")
    people.deactivate(counsel, actor=house.person(Role.ADMINISTRATOR).operator, is_known=True)
    page = desk_of(Role.MEDICAL).post(path, {"words": WORDS}).content.decode()
    assert "who will come" not in page
    assert "tell the monitor" in page
    assert "nobody holds counsel" in desk_of(Role.MONITOR).get("/alerts/").content.decode()
    assert Sealed.objects.filter(kind="counsel").count() == 2


def sees(counsel: Keyring, person: Person, *, days_ago: int = 0) -> None:
    day = register.today() - timedelta(days=days_ago)
    register.enter(counsel.operator, person, PersonEvent.COUNSEL_SAW, When(day))


@pytest.mark.rule("R42")
def test_who_speaks_again_on_the_day_on_which_counsel_saw_them_is_owed_counsel_again(
    keys: Keyring, counsel: Keyring, person: Person
) -> None:
    acts.tell_counsel(keys.operator, person, WORDS)
    sees(counsel, person)
    assert not Owed.objects.filter(person=person, duty="counsel").exists()
    acts.tell_counsel(keys.operator, person, WORDS)
    assert Owed.objects.filter(person=person, duty="counsel").exists()
    assert access.told_to_counsel()[0].waits


@pytest.mark.rule("R42")
def test_an_earlier_talk_that_is_entered_late_answers_nothing_and_who_leaves_is_unheard(
    keys: Keyring, counsel: Keyring, person: Person
) -> None:
    acts.tell_counsel(keys.operator, person, WORDS)
    sees(counsel, person, days_ago=5)
    assert access.told_to_counsel()[0].waits
    register.enter(keys.operator, person, PersonEvent.ESCAPED, When(register.today()))
    assert Alert.objects.filter(kind=UNHEARD).exists()


@pytest.mark.rule("R42")
@pytest.mark.parametrize("days_ago", [(1,), (1, 0), (2, 1, 0)])
def test_a_talk_that_is_dated_anew_stays_before_what_was_said_after_it(
    keys: Keyring, counsel: Keyring, person: Person, days_ago: tuple[int, ...]
) -> None:
    acts.tell_counsel(keys.operator, person, WORDS)
    sees(counsel, person)
    acts.tell_counsel(keys.operator, person, WORDS)
    for ago in days_ago:
        talk = person.events.get(kind=PersonEvent.COUNSEL_SAW.value, stands=True)
        register.correct(counsel.operator, person, talk.pk, When(register.today() - timedelta(days=ago)))
    assert access.told_to_counsel()[0].waits
    assert access.waits_for_counsel(person.pk)
