# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever could be accused sees the same pages before a complaint and after it, to the byte (R30, R37)."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from tests.custody.conftest import ARRIVAL
from typer.testing import CliRunner

from safeconduct.cli import custody, custody_state, django_start
from safeconduct.desk.alerts.raising import raise_alert
from safeconduct.desk.custody import acts, watching
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.complaints import acts as complaints
from safeconduct.desk.custody.duties import BY_CODE
from safeconduct.desk.custody.models import Camp, Event, Owed, Person
from safeconduct.desk.custody.row_names import Table
from safeconduct.desk.custody.row_names import name as name_of
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.complaints import ComplaintTold
from safeconduct.vocabulary.custody import CampEvent, PersonEvent

ACCUSABLE = sorted(roles.here() - {Role.COUNSEL, Role.MONITOR}, key=str)
# New with each answer: the time of day, a form's token and its ticket, and how many acts of anybody wait to be chained.
_DRAWN = re.compile(
    rb'\b[0-2][0-9]:[0-5][0-9]\b|name="(?:csrfmiddlewaretoken|ticket)" value="[^"]*"|"X-CSRFToken": "[^"]*"'
    rb"|<dt>Waiting</dt><dd>[0-9]+</dd>"
)
_ALWAYS_NEW = {"/keys/own/", "/awake/"}  # a question for security keys, and the seconds until the desk locks


def names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from names(one.url_patterns, f"{one.namespace}:" if one.namespace else space)
        elif one.name:
            yield space + one.name


def paths(person: Person, camp: Camp) -> Iterator[str]:
    """Every address that is asked for with what this test has: a number, a camp, a duty."""
    told: list[dict[str, object]] = [{}, {"number": person.number}, {"pk": camp.pk}]
    told += [{"code": one} for one in BY_CODE]
    for name in sorted(set(names(get_resolver().url_patterns))):
        for needs in told:
            try:
                yield reverse(name, kwargs=needs)
            except NoReverseMatch:
                continue


def seen(browser: Client, path: str) -> tuple[int, bytes]:
    answer: HttpResponse = browser.get(path)  # type: ignore[assignment]  # the test client's own class
    body = b"" if getattr(answer, "streaming", False) else answer.content
    return answer.status_code, _DRAWN.sub(b"", body)


@pytest.mark.rule("R30", "R37")
@pytest.mark.parametrize("role", ACCUSABLE)
def test_no_page_of_who_may_be_accused_changes_by_a_complaint(
    desk_of: Callable[[Role], Client], person: Person, camp: Camp, role: Role
) -> None:
    soon = acts.today() + timedelta(days=9)
    watching.work_out(soon)
    browser, counsel = desk_of(role), desk_of(Role.COUNSEL)  # both before: an emergency page counts open desks
    asked = [path for path in paths(person, camp) if path not in _ALWAYS_NEW]
    before = {path: seen(browser, path) for path in asked}
    said = {"words": "w", "number": person.number, "ill_treatment": "yes", "ticket": "ab" * 16}
    assert counsel.post("/complaint/", said).status_code == 302
    watching.work_out(soon)  # a night in which it has become late
    assert Event.objects.filter(kind="complaint.made").exists()
    after = {path: seen(browser, path) for path in asked}
    changed = [path for path in asked if before[path] != after[path]]
    assert changed == []
    assert sum(status == 200 for status, _ in before.values()) > 5


@pytest.mark.rule("R30", "R37")
def test_no_address_on_a_page_counts_what_other_offices_entered(
    desk_of: Callable[[Role], Client], person: Person, camp: Camp
) -> None:
    browser, day = desk_of(Role.CAMP_COMMANDER), acts.today().isoformat()
    asked = [f"/persons/{person.number}/", f"/camps/{camp.pk}/"]
    for path, event in zip(asked, (PersonEvent.QUARTERED, CampEvent.WATER), strict=True):
        assert browser.post(f"{path}enter/", {"event": event.value, "day": day}).status_code == 302
    raise_alert("custody.full")
    pages = "".join(browser.get(path).content.decode() for path in [*asked, "/alerts/"])
    named = re.findall(r'"/[^"]*/correct/([^"/]*)/"|"/alerts/([^"/]*)/take/"|id="alert-([^"]*)"', pages)
    assert len(named) >= len([*asked, "the heading of an alert", "its button"])
    assert all(re.fullmatch(r"[0-9a-f]{32}", "".join(one)) for one in named)


@pytest.mark.rule("R30")
def test_whether_there_is_a_complaint_cannot_be_probed_by_striking_it(
    desk_of: Callable[[Role], Client], person: Person
) -> None:
    desk_of(Role.COUNSEL).post("/complaint/", {"words": "w", "number": person.number, "ticket": "ab" * 16})
    made = Event.objects.get(kind="complaint.made")
    browser = desk_of(Role.REGISTRAR)
    answers = [
        browser.post(f"/persons/{person.number}/correct/{name_of(Table.EVENTS, pk)}/", {"wrong": "yes"})
        for pk in (made.pk, made.pk + 99)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert Event.objects.get(pk=made.pk).stands


@pytest.mark.rule("R30", "R37")
def test_no_figure_that_is_printed_in_the_shell_counts_complaints(
    registrar: Operator, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(django_start, "start", lambda: None)

    def printed() -> tuple[str, list[tuple[str, str]]]:
        told = CliRunner().invoke(custody.app, ["duties"])
        assert told.exit_code == 0, told.output
        return told.output, list(custody_state.of_a_ready_house())

    before = printed()
    said = ComplaintTold(words="w", number=person.number, is_ill_treatment=True)
    complaints.write_down(registrar, b"t" * 16, said)
    acts.happen(registrar, person, PersonEvent.SPONTANEOUS_OFFER, When(ARRIVAL))
    assert Owed.objects.filter(person=person, duty__in=["complaint", "ill-treatment", "counsel"]).count() == 3
    assert printed() == before
    assert before[0].startswith("owed ")
