# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each migration, with rows that were there before it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = pytest.mark.django_db(transaction=True)

Migrate = Callable[[str], Any]


@pytest.fixture
def migrate(db: None) -> Iterator[Migrate]:
    """To a migration of the cases; gives the models as they were then. Afterwards the newest are back."""

    def to(name: str) -> Any:
        executor = MigrationExecutor(connection)
        executor.migrate([("cases", name)])
        return MigrationExecutor(connection).loader.project_state([("cases", name)]).apps

    yield to
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())  # other rooms' tables went with them


def test_a_reply_that_was_on_its_way_before_there_were_chats_still_is(migrate: Migrate) -> None:
    before = migrate("0001_cases")
    case = before.get_model("cases", "Case").objects.create(
        number="26-0001", conversation=bytes(16), state="answered", last_day="2026-11-21"
    )
    stored = before.get_model("cases", "StoredEnvelope").objects.create(
        case=case, envelope=bytes(16), purpose=2, core=b"core", wraps=b"wraps", day="2026-11-21", has_clear_label=False
    )
    before.get_model("cases", "Outgoing").objects.create(envelope=stored, key=bytes(32), sealed=b"sealed")
    row = migrate("0002_chats").get_model("cases", "Outgoing").objects.get()
    assert (bytes(row.sealed), row.errand, row.envelope.case.number) == (b"sealed", None, "26-0001")


def test_the_new_state_is_quiet_and_the_others_keep_their_rule(migrate: Migrate) -> None:
    migrate("0001_cases")
    cases = migrate("0002_chats").get_model("cases", "Case").objects
    cases.create(number="26-0001", conversation=bytes(16), state="silent", last_day="2026-11-21")
    with pytest.raises(IntegrityError):
        cases.create(number="26-0002", conversation=b"2" * 16, state="silent", last_day="2026-11-21", channel="sms")
    with pytest.raises(IntegrityError):
        cases.create(number="26-0003", conversation=b"3" * 16, state="open", last_day="2026-11-21")


def test_every_case_that_there_was_is_intakes(migrate: Migrate) -> None:
    before = migrate("0004_claims_and_promises")
    before.get_model("cases", "Case").objects.create(
        number="26-0001", conversation=bytes(16), state="answered", last_day="2026-11-21"
    )
    now = migrate("0005_cell")
    row = now.get_model("cases", "Case").objects.get()
    assert (row.number, row.with_cell, row.cell_from) == ("26-0001", "", None)
    assert not now.get_model("cases", "Instruction").objects.exists()


def test_what_there_was_is_neither_frozen_nor_folded_and_nobody_knows_its_sort(migrate: Migrate) -> None:
    before = migrate("0002_chats")
    case = before.get_model("cases", "Case").objects.create(
        number="26-0001", conversation=bytes(16), state="answered", last_day="2026-11-21"
    )
    before.get_model("cases", "StoredEnvelope").objects.create(
        case=case, envelope=bytes(16), purpose=1, core=b"core", wraps=b"wraps", day="2026-11-21", has_clear_label=False
    )
    now = migrate("0003_case_life")
    row = now.get_model("cases", "StoredEnvelope").objects.select_related("case").get()
    assert (row.case.frozen_day, row.case.review_day, row.case.retention, row.case.folded_into) == (
        None,
        None,
        "",
        None,
    )
    assert (bytes(row.core), row.sort, row.alarmed_day) == (b"core", "", None)


@pytest.mark.rule("T3")
def test_nobody_has_a_case_from_before_claims_and_none_can_be_had_that_waits_for_nothing(migrate: Migrate) -> None:
    before = migrate("0003_case_life").get_model("cases", "Case").objects
    waits = {"state": "open", "waiting_since": "2026-11-21T10:00Z", "urgency": 3}
    before.create(number="26-0001", conversation=bytes(16), last_day="2026-11-21", **waits)
    before.create(number="26-0002", conversation=b"2" * 16, last_day="2026-11-21", state="answered")
    cases = migrate("0004_claims_and_promises").get_model("cases", "Case").objects
    assert not cases.exclude(claimed_by=None, claimed_until=None).exists()
    assert cases.filter(number="26-0001").update(claimed_until="2026-11-21T10:15Z") == 1
    with pytest.raises(IntegrityError):
        cases.filter(number="26-0002").update(claimed_until="2026-11-21T10:15Z")


def test_no_case_that_there_was_needs_anybody_in_particular(migrate: Migrate) -> None:
    before = migrate("0009_unread_of_case").get_model("cases", "Case").objects
    before.create(number="26-0001", conversation=bytes(16), state="answered", last_day="2026-11-21")
    now = migrate("0010_needs").get_model("cases", "Case").objects
    assert now.get().need_row is None
    before.create(number="26-0002", conversation=b"2" * 16, state="answered", last_day="2026-11-21")  # a release before
    assert not now.exclude(need_row=None).exists()
