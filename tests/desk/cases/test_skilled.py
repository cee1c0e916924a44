# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom somebody is given first, by what they are trained for. Pure, and so tried with whatever there can be."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.desk.cases.skilled import Colleague, Wait, can, in_order
from safeconduct.vocabulary.skills import NEEDED

SKILLS = st.frozensets(st.sampled_from(NEEDED[:4]), max_size=3)
TONGUES = ("uk", "ru", "und")


@st.composite
def queues(draw: st.DrawFn) -> list[Wait]:
    """In the order of a queue: urgent first."""
    urgencies = sorted(draw(st.lists(st.integers(1, 3), max_size=8)), reverse=True)
    return [
        Wait(at, urgency, draw(st.sampled_from(TONGUES)), draw(SKILLS), is_pressing=draw(st.booleans()))
        for at, urgency in enumerate(urgencies)
    ]


COLLEAGUES = st.lists(st.builds(Colleague, st.frozensets(st.sampled_from(TONGUES[:2]), min_size=1), SKILLS), max_size=3)


@given(queues(), SKILLS, COLLEAGUES)
def test_nobody_is_left_to_a_colleague_who_cannot_answer_nor_longer_than_was_promised(
    queue: list[Wait], skills: frozenset[str], colleagues: list[Colleague]
) -> None:
    for left in set(queue) - set(in_order(queue, skills, colleagues)):
        assert not left.is_pressing
        assert not left.needs <= skills
        assert any(can(one, left) for one in colleagues)


@given(queues(), SKILLS, COLLEAGUES)
def test_whoever_waits_is_in_somebodys_order_always(
    queue: list[Wait], skills: frozenset[str], colleagues: list[Colleague]
) -> None:
    """Of all who are on duty, each asked with the others beside them, one at least gets everybody whom any understands."""
    me = Colleague(frozenset(TONGUES), skills)
    everybody = [me, *colleagues]
    given_out: set[Wait] = set()
    for one in everybody:
        others = [other for other in everybody if other is not one]
        given_out |= {wait for wait in in_order(queue, one.skills, others) if can_read(one, wait)}
    assert given_out == set(queue)


def can_read(one: Colleague, wait: Wait) -> bool:
    return wait.language in one.languages or wait.language == "und"


@given(queues(), SKILLS, COLLEAGUES)
def test_urgency_goes_before_skill_a_pressing_promise_before_both_and_else_the_longest_wait(
    queue: list[Wait], skills: frozenset[str], colleagues: list[Colleague]
) -> None:
    found = in_order(queue, skills, colleagues)
    assert len(set(found)) == len(found)
    for first, then in itertools.pairwise(found):
        assert first.urgency >= then.urgency
        if first.urgency == then.urgency:
            turns = [0 if one.is_pressing else 1 if one.needs and one.needs <= skills else 2 for one in (first, then)]
            assert turns == sorted(turns)
            assert turns[0] != turns[1] or first.pk < then.pk


@given(queues(), COLLEAGUES)
def test_without_needs_it_is_the_queue_as_it_was(queue: list[Wait], colleagues: list[Colleague]) -> None:
    plain = [Wait(one.pk, one.urgency, one.language) for one in queue]
    assert in_order(plain, frozenset({"legal"}), colleagues) == plain


@pytest.mark.parametrize(
    ("colleague", "is_left"),
    [
        (Colleague(frozenset({"uk"}), frozenset({"minors", "legal"})), True),
        (Colleague(frozenset({"uk"}), frozenset({"legal"})), False),  # half of it answers nobody
        (Colleague(frozenset({"ar"}), frozenset({"minors", "legal"})), False),  # they would not understand them
    ],
)
def test_who_needs_two_things_is_left_to_who_has_both_and_understands_them(colleague: Colleague, is_left: bool) -> None:  # noqa: FBT001 - a row of the table
    wait = Wait(1, 2, "uk", frozenset({"minors", "legal"}))
    assert in_order([wait], frozenset({"minors"}), [colleague]) == ([] if is_left else [wait])
