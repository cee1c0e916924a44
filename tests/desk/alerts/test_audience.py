# SPDX-License-Identifier: AGPL-3.0-or-later
"""An alert that is for one role alone shows nowhere else: not on a page, not as a number, not in a message, not on the roster."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.desk.conftest import House

from safeconduct.desk.alerts import access, raising, registry, roster
from safeconduct.desk.alerts.carrying import has_to_look
from safeconduct.desk.alerts.errors import AlertGone
from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.alerts.raising import raise_alert
from safeconduct.desk.alerts.registry import Kind
from safeconduct.desk.alerts.settings import Settings, Transport
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role

APART, OPEN = "tests.apart", "tests.open"


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    registry.register((Kind(APART, "For editors", audience=frozenset({Role.EDITOR})), Kind(OPEN, "For all")))


@pytest.fixture
def editor(house: House) -> Operator:
    return house.person(Role.EDITOR).operator


@pytest.fixture
def operator_one(house: House) -> Operator:
    return house.person(Role.OPERATOR).operator


def seen_by(reader: Operator) -> list[str]:
    return [one.row.kind for one in access.standing(reader, roster.USUAL)]


@pytest.mark.rule("R42", "T6")
def test_only_its_audience_sees_and_counts_it(editor: Operator, operator_one: Operator) -> None:
    raise_alert(APART)
    raise_alert(OPEN)
    assert (sorted(seen_by(editor)), access.waiting(editor)) == ([APART, OPEN], 2)
    assert (seen_by(operator_one), access.waiting(operator_one)) == ([OPEN], 1)


@pytest.mark.rule("R42", "T6")
def test_nobody_else_takes_it(editor: Operator, operator_one: Operator) -> None:
    raise_alert(APART)
    pk = Alert.objects.get().pk
    with pytest.raises(AlertGone):
        raising.acknowledge(operator_one, pk)
    raising.acknowledge(editor, pk)
    assert not Alert.objects.exists()


@pytest.mark.rule("R42", "T6")
def test_no_message_says_that_there_is_something_which_most_who_look_would_not_find(house: House) -> None:
    said = Settings(transport=(Transport(name="mail", url="json://localhost"),))
    raise_alert(APART)
    assert not has_to_look(said.transport[0], said)
    raise_alert(OPEN)
    assert has_to_look(said.transport[0], said)


@pytest.mark.rule("R42", "T6")
def test_its_whole_audience_is_asked_and_nobody_after_it(editor: Operator) -> None:
    raise_alert(APART)
    assert roster.asked(Alert.objects.get(), roster.USUAL) == [editor]
    assert roster.escalate(timezone.now() + timedelta(days=1), roster.USUAL, timedelta(minutes=10)) == 0
