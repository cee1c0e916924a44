# SPDX-License-Identifier: AGPL-3.0-or-later
"""The table of duties: whole, readable, and behind every promise."""

from pathlib import Path

import pytest

from safeconduct.cli import duties_page
from safeconduct.desk.custody import offices
from safeconduct.desk.custody.duties import KEPT_BY_ABSENCE, TABLE
from safeconduct.desk.custody.telling import EVENTS
from safeconduct.desk.operators.roles import Role
from safeconduct.dialogue.scripts import load
from safeconduct.vocabulary.custody import CampEvent, Office, PersonEvent

DOCS = Path(__file__).parents[2] / "docs"


def test_every_promise_of_a_public_text_is_named_by_a_duty_or_a_reason() -> None:
    promised = {promise.id for step in load("treatment").steps.values() for promise in step.promises}
    kept = {promise for duty in TABLE for promise in duty.promises} | KEPT_BY_ABSENCE.keys()
    assert promised - kept == set()
    assert kept - promised == set()  # nothing is kept that nobody promised: the two would drift


def test_the_page_for_jurists_is_the_table() -> None:
    assert (DOCS / "duties.md").read_text(encoding="utf-8") == duties_page.page()


def test_every_event_has_its_words() -> None:
    assert EVENTS.keys() == {*PersonEvent, *CampEvent}


def test_whatever_a_duty_needs_some_office_enters() -> None:
    entered = {event for role in Role for event in offices.entered_by(role)}
    made_by_acts = {
        PersonEvent.EFFECTS_TAKEN, PersonEvent.EFFECTS_RECEIPTED, PersonEvent.EFFECTS_DUE_BACK, PersonEvent.EFFECTS_RETURNED,
        PersonEvent.EFFECTS_DUE_ON, PersonEvent.EFFECTS_SENT_ON,
        PersonEvent.BUREAU_NOTIFIED, PersonEvent.INSPECTED, PersonEvent.REVIEW_DUE,
        PersonEvent.DEATH_EXAMINED, PersonEvent.DEATH_UNEXPLAINED,
        CampEvent.ELECTED, CampEvent.VISIT_ASKED, CampEvent.VISITED, CampEvent.VISIT_REFUSED, CampEvent.VISIT_OWED_AGAIN,
        PersonEvent.RETURN_DECIDED, PersonEvent.REGISTERED, PersonEvent.TRANSFER_CALLED_OFF, PersonEvent.TRANSFER_DEPARTED,
        PersonEvent.TRANSFER_PLANNED, PersonEvent.EVACUATION_CALLED_OFF, PersonEvent.DEPARTURE_DUE,
        PersonEvent.MAIL_RECEIVED, PersonEvent.MAIL_DELIVERED, PersonEvent.MAIL_SENT_ON,
        PersonEvent.PARCEL_RECEIVED, PersonEvent.PARCEL_DELIVERED, PersonEvent.PARCEL_SENT_ON, PersonEvent.PARCEL_SHARED,
        CampEvent.OPENED, CampEvent.CLOSED, CampEvent.HOSTILITIES_OVER, PersonEvent.RENUMBERED, PersonEvent.CARD_DUE,
            PersonEvent.WISH_TAKEN,
    }  # fmt: skip
    needed = {event for duty in TABLE for event in (*duty.starts, *duty.fulfils, *duty.ends)}
    assert needed - entered - made_by_acts == set()


@pytest.mark.rule("R30", "R37")
def test_those_who_may_be_complained_about_see_no_complaint() -> None:
    hidden = [duty for duty in TABLE if duty.code in {"complaint", "ill-treatment", "counsel"}]
    assert len(hidden) == 3
    assert all(not duty.seen_by & {Office.CAMP, Office.REGISTRAR, Office.MEDICAL} for duty in hidden)


def test_no_duty_is_without_term_article_or_reader() -> None:
    assert all(duty.articles and duty.within >= 0 and duty.seen_by and duty.fulfils for duty in TABLE)
