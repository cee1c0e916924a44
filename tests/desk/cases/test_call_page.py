# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an operator sees of a call: that it was one, what was left as sound, and whether anybody is called back."""

import re

import pytest
from django.test import Client
from tests.desk.cases import files
from tests.desk.cases.conftest import Line, Person
from tests.desk.cases.test_chat_page import NOON

from safeconduct.desk.cases import reaching
from safeconduct.sealing.keys import PrivateKey, PublicKey
from safeconduct.vocabulary.applications import Kind
from safeconduct.vocabulary.contact import SafeContactRule
from safeconduct.vocabulary.records import CallForPerson

VOICE: dict[str, PublicKey] = {"voice": PrivateKey.generate().public}
EVENING = SafeContactRule("voice", "18:00", "23:59", "Europe/Moscow")


@pytest.fixture
def caller(line: Line) -> Person:
    someone = line.greet(line.new_person(), channel="voice")
    line.put(someone, line.seal(someone, CallForPerson(), Kind.MESSAGE))
    line.collect()
    return someone


def shown(line: Line, person: Person, operator: Client) -> str:
    page = operator.get(f"/cases/{line.case(person).number}/").content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_case_from_a_call_reads_as_a_call(line: Line, caller: Person, operator: Client) -> None:
    assert '<td class="by">Call</td>' in operator.get("/queue/").content.decode()
    page = shown(line, caller, operator)
    happened = ["calls by telephone", "Called ·", "Asked to talk to a person ·"]
    assert [one for one in happened if one not in page] == []
    assert sorted(happened, key=page.index) == happened
    assert "writes by" not in page


def test_who_calls_again_with_the_code_is_told_in_its_place(line: Line, caller: Person, operator: Client) -> None:
    line.move(caller, "voice")
    line.collect()
    assert "Called, with the code" in shown(line, caller, operator)


@pytest.mark.rule("R8")
def test_a_message_that_was_spoken_is_recorded_anew_and_played(line: Line, caller: Person, operator: Client) -> None:
    address = files.send(line, caller, files.voice("wav"), media_type="audio/wav")
    assert "A voice message, " in shown(line, caller, operator)
    assert "<audio controls" in operator.get(address).content.decode()
    heard = operator.get(address + "shown/")
    assert (heard.headers["Content-Type"], heard.content[:4]) == ("audio/ogg", b"OggS")
    assert "media-src 'self'" in operator.get(address).headers["Content-Security-Policy"]


def told(line: Line, person: Person, delivery: dict[str, PublicKey] | None = None) -> str:
    return reaching.told(line.opened(person), VOICE if delivery is None else delivery, NOON)


@pytest.mark.rule("R4")
def test_nobody_is_said_to_be_called_who_did_not_ask_for_it(line: Line, caller: Person) -> None:
    assert "Nobody is called who did not ask for it" in told(line, caller)
    assert "this desk has no key for calls" in told(line, caller, {})


@pytest.mark.rule("R4")
def test_who_asked_for_a_call_is_called_in_the_hours_that_they_named(line: Line, caller: Person) -> None:
    facts = caller.facts(channel="voice", safe_contact=EVENING)
    line.put(caller, line.seal(caller, facts, Kind.APPLICATION))
    line.collect()
    assert "between 18:00 and 23:59" in told(line, caller)
