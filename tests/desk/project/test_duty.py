# SPDX-License-Identifier: AGPL-3.0-or-later
"""Going on duty and off, what stands on the page, and what the public door is told of it."""

import json
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests.desk.cases.test_claiming import waits
from tests.desk.conftest import SIGNING, House, Person

from safeconduct.desk.audit import access as record
from safeconduct.desk.cases import claiming
from safeconduct.desk.cases.models import Case
from safeconduct.desk.operators import acts, duty, duty_acts, sessions
from safeconduct.desk.operators.models import DutyCard, Operator, Shift
from safeconduct.desk.operators.roles import Role
from safeconduct.desk.project.announcing import EVERY_SECONDS, Announcer
from safeconduct.sealing import duty as sealing
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.signatures import SigningKey
from safeconduct.spool.errors import SpoolFull
from safeconduct.vocabulary.duty import SIGNAL_SECONDS, Duty, decode, read_phone

VOICE = PrivateKey.generate()
PHONE = "sip:olena@10.0.0.5:5070;transport=tls"
CARD = {"languages": ["uk", "ru"], "hours": "8", "phone": PHONE}
HOUR = 3600


class Told:
    """What the public door would read."""

    def __init__(self) -> None:
        self.signals: list[tuple[bytes, int]] = []
        self.now = time.time()
        self.announcer = Announcer(lambda signal, until: self.signals.append((signal, until)), clock=lambda: self.now)

    def says(self) -> Duty:
        self.announcer.announce()
        return decode(sealing.verified(self.signals[-1][0], SIGNING.verify_key))

    def phones(self) -> list[tuple[str, str]]:
        """Each with the number by which it is reached."""
        said = [read_phone(sealing.open_phone(phone.uri, VOICE).decode()) for phone in self.says().phones]
        return [phone for phone in said if phone is not None]

    def rings(self) -> list[str]:
        return [uri for uri, _ in self.phones()]


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture(autouse=True)
def _key_for_calls(_house_rules: None, tmp_path: Path) -> None:
    (tmp_path / "delivery.json").write_text(json.dumps({"voice": VOICE.public.raw.hex()}))


@pytest.fixture
def olena(house: House) -> Person:
    person = house.person(Role.OPERATOR)
    person.sign_in()
    return person


@pytest.fixture
def on_duty(olena: Person) -> Person:
    keep(olena.browser)
    olena.browser.post("/duty/begin/")
    return olena


def keep(browser: Client, **changed: Any) -> int:
    return int(browser.post("/duty/card/", CARD | changed).status_code)


def page(browser: Client) -> str:
    return browser.get("/duty/").content.decode()


def recorded(house: House) -> list[tuple[str, str, str]]:
    lines = record.page([house.keys["monitor"]]).lines
    found = [(line.told.actor, line.told.act, line.told.subject) for line in lines if line.told]
    return [one for one in found if "duty" in one[1]]


def test_who_is_on_duty_rings_and_only_the_channel_learns_the_phone(on_duty: Person, told: Told) -> None:
    assert told.rings() == [PHONE]
    (phone,) = told.says().phones
    assert (phone.languages, phone.skills, told.says().languages) == (("uk", "ru"), (), ("ru", "uk"))
    assert told.signals[0][1] == int(told.now) + SIGNAL_SECONDS


def test_each_operator_has_a_number_of_their_own_whatever_telephone_they_use(
    on_duty: Person, house: House, told: Told
) -> None:
    marko = house.newcomer(acts.add_operator("Марко", Role.OPERATOR))
    marko.sign_in()
    keep(marko.browser, phone="sips:p~e17@phones.example.org")
    marko.browser.post("/duty/begin/")
    first = dict(told.phones())
    assert first[PHONE] == duty.number_of(Operator.objects.get(name="operator one"))
    assert first[PHONE] != first["sips:p~e17@phones.example.org"]
    keep(on_duty.browser, phone="sip:another@10.0.0.6")
    assert dict(told.phones())["sip:another@10.0.0.6"] == first[PHONE]


def test_the_telephone_offers_who_else_is_on_duty_with_one(on_duty: Person, house: House) -> None:
    people = {}
    for name in ("marko", "roman", "taras"):
        people[name] = house.newcomer(acts.add_operator(name, Role.OPERATOR))
        people[name].sign_in()
        keep(people[name].browser, phone="" if name == "roman" else f"sip:{name}@10.0.0.5")
        people[name].browser.post("/duty/begin/")
    people["taras"].browser.post("/duty/end/")
    marko = duty.number_of(Operator.objects.get(name="marko"))
    offered = on_duty.browser.get("/phone/colleagues/").json()["colleagues"]
    assert offered == [{"number": marko, "name": "marko: Ukrainian, Russian"}]


def test_the_head_says_it_on_every_page_and_leads_back_to_it(olena: Person) -> None:
    keep(olena.browser)
    assert "Go on duty" in olena.browser.get("/help/").content.decode()
    answer = olena.browser.post("/duty/begin/", {"next": "/help/"})
    assert answer.headers["Location"] == "/help/"
    assert "Go off duty" in olena.browser.get("/help/").content.decode()
    assert olena.browser.post("/duty/end/", {"next": "//evil.example"}).headers["Location"] == "/"
    assert "Go on duty" in olena.browser.get("/help/").content.decode()


def test_who_goes_off_duty_rings_no_more(on_duty: Person, told: Told) -> None:
    assert told.rings() == [PHONE]
    on_duty.browser.post("/duty/end/")
    assert told.says().languages == ()
    assert told.says().phones == ()


def test_whoever_has_not_said_what_they_speak_is_asked_first(olena: Person, told: Told) -> None:
    answer = olena.browser.post("/duty/begin/")
    assert "Say first which languages" in olena.browser.get(answer.headers["Location"]).content.decode()
    assert told.says().languages == ()


def test_without_a_phone_one_is_on_duty_and_none_rings(olena: Person, told: Told) -> None:
    keep(olena.browser, phone=" ")
    olena.browser.post("/duty/begin/")
    assert (told.says().languages, told.says().phones) == (("ru", "uk"), ())
    assert "you named none below" in page(olena.browser)


def test_without_a_key_for_calls_no_phone_rings_and_the_page_says_why(
    olena: Person, told: Told, tmp_path: Path
) -> None:
    (tmp_path / "delivery.json").unlink()
    keep(olena.browser)
    olena.browser.post("/duty/begin/")
    assert told.says().phones == ()
    assert "no key for calls" in page(olena.browser)


def test_a_phone_that_is_changed_on_duty_rings_from_then_on(on_duty: Person, told: Told) -> None:
    keep(on_duty.browser, phone="sips:other@phones.example.org", languages=["ar"])
    assert told.rings() == ["sips:other@phones.example.org"]
    assert told.says().languages == ("ar",)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("languages", []),
        ("languages", ["uk", "xx"]),
        ("hours", "0"),
        ("hours", "13"),
        ("hours", "٣"),
        ("phone", "olena"),
        ("phone", "sip:a@h\r\nVia: x"),
        ("phone", "sip:a@h?Replaces=x"),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_is_kept(olena: Person, field: str, value: object) -> None:
    assert keep(olena.browser, **{field: value}) == 400
    assert not DutyCard.objects.exists()


def test_a_refused_form_comes_back_as_it_was_typed(olena: Person) -> None:
    answer = olena.browser.post("/duty/card/", CARD | {"phone": 'olena"><b>'}).content.decode()
    assert 'value="olena&quot;&gt;&lt;b&gt;"' in answer
    assert 'value="uk" checked' in answer
    assert 'role="alert"' in answer


@pytest.mark.parametrize("leave", ["/lock/", "/sign-out/"])
def test_a_lock_and_a_sign_out_end_it(on_duty: Person, told: Told, house: House, leave: str) -> None:
    assert told.rings() == [PHONE]
    on_duty.browser.post(leave)
    assert told.says().languages == ()
    assert not Shift.objects.exists()
    assert ("the desk itself", "operators.duty_lapsed", on_duty.operator.name) in recorded(house)


def test_an_idle_desk_ends_it_before_anything_has_swept_it(on_duty: Person, told: Told) -> None:
    told.now += settings.DESK.idle_seconds + 2
    assert told.says().languages == ()


def test_the_shift_ends_after_its_hours_however_busy(on_duty: Person, told: Told) -> None:
    session = on_duty.browser.session
    session["touched"] += 8 * HOUR
    session.save()
    told.now += 8 * HOUR - 5
    assert told.rings() == [PHONE]
    told.now += 10
    assert told.says().phones == ()


def test_a_session_that_is_over_or_another_ones_keeps_nobody_on_duty(on_duty: Person, house: House) -> None:
    key, operator = Shift.objects.get().session, on_duty.operator
    session = on_duty.browser.session
    assert sessions.is_unlocked(key, operator)
    assert not sessions.is_unlocked(key, house.person(Role.MONITOR).operator)
    session["since"] -= sessions.LONGEST_SECONDS + 1
    session.save()
    assert not sessions.is_unlocked(key, operator)


def test_unlocking_again_puts_nobody_back_on_duty(on_duty: Person, told: Told) -> None:
    on_duty.browser.post("/lock/")
    on_duty.browser.post("/unlock/", on_duty.said())
    assert told.says().languages == ()
    assert "Go on duty" in on_duty.browser.get("/help/").content.decode()


def test_a_shift_from_before_the_clock_was_set_back_is_over(on_duty: Person) -> None:
    assert len(duty.on_duty()) == 1
    Shift.objects.update(until=int(time.time()) + 2 * 24 * 3600)  # as a clock two days ahead had begun it
    assert duty.on_duty() == []
    assert duty_acts.lapse() == [on_duty.operator]


@pytest.mark.parametrize("change", [acts.deactivate, acts.renew])
def test_who_leaves_or_lost_a_key_is_off_duty_and_their_phone_is_gone(
    on_duty: Person, told: Told, house: House, change: Callable[..., object]
) -> None:
    change(on_duty.operator, actor=house.person(Role.ADMINISTRATOR).operator)
    assert told.says().languages == ()
    assert not DutyCard.objects.filter(phone__isnull=False).exists()


@pytest.mark.rule("R49")
def test_each_step_is_recorded_and_no_entry_names_a_phone(on_duty: Person, house: House) -> None:
    on_duty.browser.post("/duty/end/")
    on_duty.browser.post("/duty/end/")
    name = on_duty.operator.name
    steps = ("operators.duty_ended", "operators.duty_began", "operators.duty_card")
    assert recorded(house) == [(name, step, "") for step in steps]


@pytest.mark.rule("T3")
def test_nothing_of_a_phone_lies_in_the_database_or_a_log(
    on_duty: Person, told: Told, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told.says()
    card, shift = DutyCard.objects.get(), Shift.objects.get()
    for lies in (card.phone, shift.phone, told.signals[0][0], caplog.text.encode()):
        assert b"olena@" not in bytes(lies or b"")
    assert PHONE in page(on_duty.browser)


@pytest.mark.rule("T13")
def test_a_phone_that_somebody_wrote_into_the_database_never_rings(
    on_duty: Person, told: Told, caplog: pytest.LogCaptureFixture
) -> None:
    theirs = sealing.seal_phone(b"sip:thief@192.0.2.1", VOICE.public)
    shift = Shift.objects.get()
    for phone, until in ((theirs, shift.until), (bytes(shift.phone), shift.until + HOUR)):
        signature = sealing.sign_shift(shift.operator_id, until, phone, SigningKey.generate())
        Shift.objects.update(phone=phone, until=until)
        assert told.says().phones == ()
        Shift.objects.update(signature=signature)
        assert told.says().phones == ()
    assert "was not begun at this desk" in caplog.text


def test_the_signal_is_told_anew_in_time_and_not_more_often(on_duty: Person, told: Told) -> None:
    for _ in range(EVERY_SECONDS):
        told.announcer.announce()
        told.now += 1
    assert len(told.signals) == 1
    told.announcer.announce()
    assert len(told.signals) == 2
    on_duty.browser.post("/duty/end/")
    told.announcer.announce()
    assert len(told.signals) == 3


def test_what_could_not_be_told_is_told_with_the_next_tick(on_duty: Person) -> None:
    tries: list[bytes] = []

    def tell(signal: bytes, _until: int) -> None:
        tries.append(signal)
        if len(tries) == 1:
            raise SpoolFull(None)

    announcer = Announcer(tell)
    with pytest.raises(SpoolFull):
        announcer.announce()
    announcer.announce()
    assert len(tries) == 2


def test_colleagues_and_administrators_see_who_speaks_what_and_no_phone(on_duty: Person, house: House) -> None:
    seen = page(house.signed_in(Role.ADMINISTRATOR))
    assert on_duty.operator.name in seen
    assert seen.count("nobody") == 13
    assert "olena@" not in seen
    assert "Go on duty" not in seen
    assert on_duty.operator.name in page(on_duty.browser)


def test_the_button_works_and_says_what_is_missing(olena: Person) -> None:
    shown = page(olena.browser).split("<main")[1]
    assert "disabled" not in shown
    assert "Say first, below, which languages you speak" in shown


def test_calls_ring_in_the_browser_without_its_address_being_typed(olena: Person, told: Told) -> None:
    assert "has the address" in page(olena.browser)
    keep(olena.browser, phone="", here="1")
    olena.browser.post("/duty/begin/")
    (phone,) = told.rings()
    assert phone.startswith("sip:")
    assert phone.endswith("@127.0.0.1:5062")
    assert "leave the page Phone open" in page(olena.browser)


def test_the_phone_says_ready_only_where_a_call_would_ring(olena: Person) -> None:
    keep(olena.browser)
    assert "You are not on duty" in olena.browser.get("/phone/").content.decode()
    olena.browser.post("/duty/begin/")
    shown = olena.browser.get("/phone/").content.decode()
    assert "calls do not ring here" in shown
    assert "Ready. A call will ring here." not in shown
    keep(olena.browser, here="1")
    shown = olena.browser.get("/phone/").content.decode()
    assert "calls do not ring here" not in shown
    assert "Ready. A call will ring here." in shown


@pytest.mark.parametrize(("said", "status"), [("1", 303), ("20", 303), ("21", 400), ("0", 400), ("x", 400)])
def test_how_many_cases_at_a_time_is_one_of_the_list(olena: Person, said: str, status: int) -> None:
    assert keep(olena.browser, capacity=said) == status


def test_who_goes_off_duty_gives_back_the_cases_that_they_have(on_duty: Person, told: Told) -> None:
    case = waits(1)
    claiming.claim(on_duty.operator, case.number)
    on_duty.browser.post("/duty/end/")
    assert Case.objects.get().claimed_by is None
    on_duty.browser.post("/duty/begin/")
    claiming.claim(on_duty.operator, case.number)
    on_duty.browser.post("/lock/")
    told.announcer.announce()
    assert Case.objects.get().claimed_by is None


def test_a_shift_belongs_to_the_desk_where_it_was_begun(on_duty: Person, told: Told) -> None:
    elsewhere = Person(on_duty.welcome)
    elsewhere.sign_in()
    elsewhere.browser.post("/sign-out/")
    assert told.rings() == [PHONE]
    assert duty.shift_of(on_duty.operator) is not None
