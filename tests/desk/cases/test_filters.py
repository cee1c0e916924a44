# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the queue can be asked: all that is in clear while somebody waits, and nothing else."""

import pytest
from django.test import Client
from tests.desk.cases.test_claiming import waits

from safeconduct.desk.cases import queue, saved_filters
from safeconduct.desk.cases.models import Case, SavedFilter
from safeconduct.desk.cases.queue import Filters, Reader
from safeconduct.desk.cases.writing import Hand
from safeconduct.vocabulary.applications import Urgency

pytestmark = pytest.mark.django_db


@pytest.fixture
def three() -> list[str]:
    """By web, by Telegram, and a reply that did not arrive there."""
    cases = [waits(1, "uk"), waits(2, "uk"), waits(3, "ru", Urgency.SOON)]
    Case.objects.filter(pk=cases[0].pk).update(channel="web", kind="application")
    Case.objects.filter(pk=cases[1].pk).update(channel="telegram", kind="message")
    Case.objects.filter(pk=cases[2].pk).update(channel="telegram", kind="trouble")
    return [case.number for case in cases]


def shown(**asked: str) -> list[str]:
    return [case.number for case in queue.waiting(Filters.read(asked), None).cases]


def test_the_way_they_came_and_what_came_last_can_be_asked_alone_and_together(three: list[str]) -> None:
    assert shown(channel="telegram") == three[1:]
    assert shown(kind="application") == three[:1]
    assert shown(channel="telegram", kind="trouble", language="ru") == three[2:]
    assert shown(channel="signal") == []


def test_the_numbers_above_the_queue_count_what_was_asked(three: list[str]) -> None:
    reader = Reader(languages=("uk", "ru"))
    for asked in (Filters(channel="telegram"), Filters(channel="telegram", mine=True)):
        assert sum(queue.counts(asked, reader).values()) == 2


@pytest.mark.parametrize("asked", [{"channel": "carrier pigeon"}, {"kind": "erasure"}, {"kind": "' OR 1=1"}])
def test_what_is_not_known_asks_for_everything(three: list[str], asked: dict[str, str]) -> None:
    assert sorted(shown(**asked)) == sorted(three)


def test_a_saved_filter_keeps_both_and_an_older_one_still_opens(hand: Hand, operator: Client, three: list[str]) -> None:
    operator.post("/queue/filters/keep/", {"name": "Біда", "channel": "telegram", "kind": "trouble"})
    address = "/queue/?channel=telegram&amp;kind=trouble"
    assert f'href="{address}"' in operator.get("/queue/").content.decode()
    page = operator.get("/queue/?channel=telegram&kind=trouble").content.decode()
    assert three[2] in page
    assert three[1] not in page
    older = {"name": "old", "language": "uk", "urgency": "3", "mine": ""}
    SavedFilter.objects.update(sealed=saved_filters.sealed(hand.operator, older))
    [found] = saved_filters.of(hand.operator, hand.private)
    assert found.filters == Filters("uk", Urgency.NOW)
