# SPDX-License-Identifier: AGPL-3.0-or-later
"""After an entry only the duties that it can change are worked out anew. All of them would come to the same."""

from collections.abc import Callable
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.custody.test_owing import after, histories

from safeconduct.desk.custody import owing
from safeconduct.desk.custody.models import Event, Owed, Person
from safeconduct.vocabulary.custody import LEAVES, PersonEvent


def told(person: Person) -> set[tuple[object, ...]]:
    return set(Owed.objects.filter(person=person).values_list("duty", "camp", "of", "since", "due"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=histories,
    event=st.sampled_from(PersonEvent) | st.sampled_from(sorted(LEAVES, key=str)),
    day=st.integers(0, 120).map(after),
)
def test_what_one_event_changes_is_all_that_changes(
    make_person: Callable[[], Person], before: list[tuple[str, date]], event: PersonEvent, day: date
) -> None:
    person, before = make_person(), [(PersonEvent.ARRIVED.value, after(0)), *before]
    Event.objects.bulk_create(Event(person=person, kind=kind, happened=on, entered=on) for kind, on in before)
    owing.work_out_person(person)
    Event.objects.create(person=person, kind=event.value, happened=day, entered=day)
    owing.work_out_person(person, event)
    piecemeal = told(person)
    owing.work_out_person(person)
    assert told(person) == piecemeal
