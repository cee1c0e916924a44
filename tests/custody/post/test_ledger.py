# SPDX-License-Identifier: AGPL-3.0-or-later
"""The mail ledger: limits that cannot go below the Convention's, one censoring, and no way to hold anything back (arts. 70 to 72, 76)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.formats import date_format
from tests.custody.conftest import ARRIVAL, SOMEBODY
from tests.custody.post.conftest import Enter

from safeconduct.desk.custody import acts
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Camp, Event, Owed, Person, Sealed
from safeconduct.desk.custody.post import access
from safeconduct.desk.custody.post.kinds import Deed, Outcome
from safeconduct.desk.custody.post.models import Allowance, Piece
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import PersonEvent

Doors = Callable[[Role], Client]
DAY = ARRIVAL.isoformat()


def deal(office: Client, deed: str, day: str = DAY, **said: object) -> str:
    """To everything that is in the ledger."""
    rows = list(Piece.objects.values_list("pk", flat=True))
    answer = office.post("/post/", {"deed": deed, "day": day, "piece": rows} | said)
    return answer.content.decode()


def owed(person: Person) -> set[str]:
    return set(Owed.objects.filter(person=person).values_list("duty", flat=True))


@pytest.mark.rule("R29")
@pytest.mark.parametrize(("letters", "cards"), [("1", "4"), ("2", "3"), ("0", "0"), ("", "4"), ("-2", "4")])
def test_no_limit_goes_below_the_conventions(desk_of: Doors, camp: Camp, letters: str, cards: str) -> None:
    browser, path = desk_of(Role.REGISTRAR), f"/camps/{camp.pk}/mail/"
    answer = browser.post(path, {"letters": letters, "cards": cards})
    assert answer.status_code == 400
    assert "less than two letters and four cards" in answer.content.decode()
    assert browser.post(path, {"letters": "2", "cards": "9"}).status_code == 302
    assert access.allowance(camp) == (2, 9)


@pytest.mark.rule("R29")
@pytest.mark.parametrize(("letters", "cards"), [(1, 4), (2, 3)])
def test_the_store_itself_refuses_less_than_the_convention(camp: Camp, letters: int, cards: int) -> None:
    Allowance.objects.create(camp=camp, letters=2, cards=4)
    with pytest.raises(IntegrityError), transaction.atomic():
        Allowance.objects.update(letters=letters, cards=cards)


@pytest.mark.rule("R29")
def test_only_a_registrar_sets_a_limit(desk_of: Doors, camp: Camp) -> None:
    for role in (Role.MAIL_OFFICE, Role.CAMP_COMMANDER, Role.MONITOR):
        assert desk_of(role).post(f"/camps/{camp.pk}/mail/", {"letters": "9", "cards": "9"}).status_code == 404
    assert access.allowance(camp) == (2, 4)


@pytest.mark.rule("R29", "R30")
def test_what_is_left_counts_letters_and_cards_of_this_month_and_neither_capture_cards_nor_complaints(
    enter: Enter, office: Client, desk_of: Doors, person: Person
) -> None:
    enter("UA-0001\nUA-0001 card", sheet="handed-in")
    enter("UA-0001", sheet="handed-in", day=(ARRIVAL + timedelta(days=31)).isoformat(), ticket="cd" * 16)
    enter("UA-0001", ticket="ef" * 16)  # what came for them
    office.post("/post/cards/", {"number": person.number, "day": DAY})
    desk_of(Role.REGISTRAR).post("/complaint/", {"words": "w", "number": person.number, "ticket": "01" * 16})
    (month,) = access.months([person], ARRIVAL)
    assert (month.letters_left, month.cards_left) == (1, 3)


@pytest.mark.rule("R29")
def test_what_is_handed_in_beyond_the_limit_is_entered_all_the_same(enter: Enter, person: Person) -> None:
    page = enter("UA-0001 3", sheet="handed-in")
    assert "3 letters of 2" in page
    assert Piece.objects.filter(way="out", done=None).count() == 3
    assert access.months([person], ARRIVAL)[0].letters_left == 0


@pytest.mark.rule("R29")
def test_nothing_is_censored_twice(enter: Enter, office: Client, person: Person) -> None:
    enter("UA-0001")
    assert "<strong>1 was entered.</strong>" in deal(office, "censored")
    page = deal(office, "censored", (ARRIVAL + timedelta(days=1)).isoformat())
    assert "It may be read once" in page
    assert Piece.objects.get().censored == ARRIVAL


@pytest.mark.rule("R29")
def test_nothing_in_the_ledger_or_among_the_events_can_hold_mail_back() -> None:
    words = [one.value for kind in (PersonEvent, Deed, Outcome) for one in kind]
    words += [one.name for one in Piece._meta.get_fields()]
    forbidden = ("withh", "held", "refus", "seiz", "confisc", "punish", "disciplin", "stopped", "returned")
    mail = [one for one in words if one.startswith(("mail", "parcel")) or "." not in one]
    assert [one for one in mail if any(part in one for part in forbidden)] == []


@pytest.mark.rule("R29")
def test_what_came_is_owed_within_the_duty_until_it_is_handed_over(
    enter: Enter, office: Client, person: Person
) -> None:
    enter("UA-0001\nUA-0001 p")
    assert owed(person) >= {"mail", "parcels"}
    assert (ARRIVAL + timedelta(days=3)).strftime("%-d October 2026") in office.get("/post/").content.decode()
    deal(office, "done")
    assert not owed(person) & {"mail", "parcels"}
    assert "Nothing is on its way" in office.get("/post/").content.decode()
    assert "handed over or sent already" in deal(office, "done")


@pytest.mark.rule("R34")
def test_mail_of_who_was_transferred_goes_after_them_and_is_owed_until_it_is_handed_over_there(
    enter: Enter, office: Client, person: Person, other: Camp, registrar: Operator
) -> None:
    enter("UA-0001")
    assert "Their place is here" in deal(office, "redirected")
    acts.happen(registrar, person, PersonEvent.TRANSFERRED, When(ARRIVAL + timedelta(days=1)), camp=other)
    assert "send it after them: Dalni" in office.get("/post/").content.decode()
    deal(office, "redirected", (ARRIVAL + timedelta(days=2)).isoformat())
    assert "mail-redirected" not in owed(person)
    assert "mail" in owed(person)
    assert (Piece.objects.get().camp, Piece.objects.get().done) == (other, None)


@pytest.mark.rule("R29")
def test_mail_of_who_is_no_longer_held_is_sent_on_for_good(
    enter: Enter, office: Client, person: Person, registrar: Operator
) -> None:
    enter("UA-0001\nUA-0001 p")
    acts.happen(registrar, person, PersonEvent.RELEASED, When(ARRIVAL + timedelta(days=1)))
    deal(office, "redirected", (ARRIVAL + timedelta(days=2)).isoformat())
    assert set(Piece.objects.values_list("outcome", flat=True)) == {"sent-on"}
    assert not owed(person) & {"mail", "parcels"}


@pytest.mark.rule("R29")
def test_only_a_parcel_is_shared_out_and_that_ends_it(enter: Enter, office: Client, person: Person) -> None:
    enter("UA-0001\nUA-0001 p")
    assert "This is no parcel." in deal(office, "shared")
    assert owed(person) & {"mail", "parcels"} == {"mail"}
    assert Event.objects.filter(kind="parcel.shared").count() == 1


@pytest.mark.rule("R29")
def test_a_parcel_is_opened_once_and_before_somebody_and_its_contents_are_the_mail_offices(
    enter: Enter, office: Client, desk_of: Doors, person: Person
) -> None:
    enter("UA-0001 p")
    path, said = f"/post/parcels/{Piece.objects.get().pk}/", {"before": "representative", "contents": "чай", "day": DAY}
    assert office.post(path, said).status_code == 302
    assert office.post(path, said).status_code == 400
    assert "чай" in office.get(path).content.decode()
    assert {row.team for row in Sealed.objects.filter(kind="parcel")} == {"mail"}
    assert desk_of(Role.REGISTRAR).get(path).status_code == 404
    assert "чай" not in desk_of(Role.REGISTRAR).get(f"/persons/{person.number}/mail/").content.decode()


@pytest.mark.rule("R29")
def test_the_store_knows_no_parcel_that_was_opened_before_nobody(enter: Enter, person: Person) -> None:
    enter("UA-0001 p")
    with pytest.raises(IntegrityError), transaction.atomic():
        Piece.objects.update(opened=ARRIVAL)


def strike(office: Client, what: str, mistake: str = "other-meant") -> int:
    path = f"/post/pieces/{Piece.objects.get().pk}/strike/"
    return int(office.post(path, {"what": what, "mistake": mistake}).status_code)


def test_an_error_is_struck_step_by_step_stays_to_be_read_and_the_duty_follows(
    enter: Enter, office: Client, person: Person
) -> None:
    enter("UA-0001")
    deal(office, "done")
    assert strike(office, "came") == 400  # what has ended came
    assert strike(office, "done") == 302
    assert "mail" in owed(person)
    assert strike(office, "came", "twice") == 302
    assert "mail" not in owed(person)
    assert strike(office, "came") == 404
    page = office.get(f"/persons/{person.number}/mail/").content.decode()
    for told in ("<s>letter</s>", "handed over</s>", "it was entered twice", "another person, camp, visit or piece"):
        assert told in page
    assert not Event.objects.filter(kind__in=["mail.received", "mail.delivered"], stands=True).exists()


@pytest.mark.rule("R29")
def test_a_censoring_that_was_none_is_struck_once_and_no_letter_is_censored_without_an_end(
    enter: Enter, office: Client, person: Person
) -> None:
    enter("UA-0001")
    deal(office, "censored")
    assert strike(office, "censored") == 302
    assert Piece.objects.get().censored is None
    assert f"<s>{date_format(ARRIVAL, 'j E Y')}</s>" in office.get(f"/persons/{person.number}/mail/").content.decode()
    deal(office, "censored")
    assert strike(office, "censored") == 400
    assert Piece.objects.get().censored


@pytest.mark.parametrize(("what", "mistake"), [("", "twice"), ("done", "twice"), ("came", ""), ("came", "because")])
def test_an_entry_of_the_mail_is_struck_for_a_reason_of_the_list(
    enter: Enter, office: Client, person: Person, what: str, mistake: str
) -> None:
    enter("UA-0001")
    assert strike(office, what, mistake) == 400
    assert Piece.objects.get().stands


def test_nobody_enters_more_pieces_at_once_than_a_page_shows(enter: Enter, office: Client, person: Person) -> None:
    enter("UA-0001")
    pk = Piece.objects.get().pk
    shown = {"all": "yes", "shown": f"{pk} " * 151, "deed": "done", "day": ARRIVAL.isoformat()}
    answer = office.post("/post/", shown)
    assert (answer.status_code, "at most 150 pieces" in answer.content.decode()) == (400, True)
    assert Piece.objects.get().done is None
    office.post("/post/", shown | {"shown": f"{pk} " * 150})
    assert Piece.objects.get().done


@pytest.mark.rule("R25")
def test_the_weeks_cards_are_entered_as_sent_on_one_page_and_never_twice(
    office: Client, person: Person, registrar: Operator, camp: Camp
) -> None:
    acts.register(registrar, "UA-0002", camp, SOMEBODY, When(ARRIVAL))
    assert 'value="UA-0002"' in office.get("/post/cards/").content.decode()
    for told in ("2 were entered.", "0 were entered."):
        page = office.post("/post/cards/", {"number": ["UA-0001", "UA-0002\0", "\0"], "day": DAY}).content.decode()
        assert told in page
    assert Event.objects.filter(kind="card.sent").count() == 2
    assert not Owed.objects.filter(duty="card").exists()


def test_all_that_stands_on_the_page_is_handed_over_without_ticking_each(
    enter: Enter, office: Client, person: Person
) -> None:
    enter("UA-0001 2")
    page = office.get("/post/").content.decode()
    enter("UA-0001", ticket="cd" * 16)  # came since the page was opened
    shown = page.split('name="shown" value="')[1].split('"')[0]
    deal(office, "done", piece=[], all="yes", shown=shown)
    assert Piece.objects.filter(done=ARRIVAL).count() == 2


def test_a_day_before_it_came_is_refused(enter: Enter, office: Client, person: Person) -> None:
    enter("UA-0001", day=(ARRIVAL + timedelta(days=1)).isoformat())
    assert "before the one on which it came" in deal(office, "done")
    assert Piece.objects.get().done is None


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.MEDICAL, Role.CAMP_COMMANDER, Role.COUNSEL])
def test_only_the_mail_office_enters(desk_of: Doors, role: Role) -> None:
    browser = desk_of(role)
    assert [browser.get(path).status_code for path in ("/post/", "/post/sheet/", "/post/cards/")] == [404] * 3
