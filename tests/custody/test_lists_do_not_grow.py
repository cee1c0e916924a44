# SPDX-License-Identifier: AGPL-3.0-or-later
"""A page asks the database as often for fifty rows as for five, and never reads all events that there ever were: every address of custody
is tried, a new room's too, unasked."""

import itertools
import re
import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve
from tests.custody.conftest import ARRIVAL, SOMEBODY
from tests.custody.two_worlds.walking import paths

from safeconduct.desk.custody import acts, owing
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.bureau.models import Worry
from safeconduct.desk.custody.camplife.models import Visit
from safeconduct.desk.custody.complaints.models import Complaint
from safeconduct.desk.custody.inquiries.models import Inquiry
from safeconduct.desk.custody.models import Camp, Person, Quarters
from safeconduct.desk.custody.movements.models import Listed, Movement
from safeconduct.desk.custody.post.models import Piece
from safeconduct.desk.custody.reception.models import Row, Sheet
from safeconduct.desk.custody.wishes.models import ExchangeList
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import PersonEvent

Doors = Callable[[Role], Client]
P = PersonEvent
FEW, MORE = 5, 45
LATER = ARRIVAL + timedelta(days=9)
_ILL = (P.SERIOUSLY_ILL, P.REVIEW_DUE, P.TRANSFER_PLANNED, P.MAY_BE_MINOR, P.TO_BE_SENT_HOME_SICK)
_ELSEWHERE = {
    "",
    "operators",
    "emergency",
    "alerts",
    "approvals",
}  # both houses have them; the line's tests look at them
_PAPERS = re.compile(r"print|paper|/card/|/forms/.|sheet/.")  # set by a process of its own, whatever stands on them
_ONE = re.compile(
    r"^/(?!camps/|medical/)[a-z-]+/\d|/(visits|representatives)/\d"
)  # a page about one of these, of which there are bare rows here
_EVENTS = re.compile(
    r'"custody_event"(?! ON|\.)(?: (?:AS )?"?(U\d+|T\d+|[a-z]+)\b"?)?'
)  # and what a statement calls it
_SLACK = 4  # the session says every twenty seconds that somebody is there


@pytest.fixture
def fill(registrar: Operator, camp: Camp) -> Callable[[int], Person]:
    """So many more of everything that a list could show. Gives the last person."""
    numbers = itertools.count()

    def people(many: int) -> list[Person]:
        return [acts.register(registrar, f"L-{next(numbers):03}", camp, SOMEBODY, When(ARRIVAL)) for _ in range(many)]

    @transaction.atomic
    def filled(many: int) -> Person:
        with owing.together():
            held, dead = people(many), people(many)
            acts.happen_to_all(registrar, held, _ILL, When(LATER))
            acts.happen_to_all(registrar, dead, [P.DIED, P.DEATH_UNEXPLAINED], When(LATER))
        for person in held:
            _beside(camp, person)
        return held[0]

    return filled


def _beside(camp: Camp, person: Person) -> None:
    """One of each for a person, or for nobody."""
    sheet, _ = Sheet.objects.get_or_create(ticket=b"t" * 16, camp=camp, day=ARRIVAL, entered=ARRIVAL)
    Row.objects.create(sheet=sheet, person=person)
    Sheet.objects.create(ticket=secrets.token_bytes(16), camp=camp, day=ARRIVAL, entered=ARRIVAL)
    other = Camp.objects.create(name=person.number, kind=camp.kind)
    Quarters.objects.create(camp=other, category="other-ranks", places=1)
    first = Movement.objects.order_by("pk").first()
    movement = Movement.objects.create(kind="transfer", origin=camp, to=other, drawn_up=LATER, departs=LATER)
    Listed.objects.create(movement=first or movement, person=person, mark="goes")
    Piece.objects.create(
        person=person, kind="letter", way="in", camp=camp, day=LATER, entered=LATER, slip=secrets.token_bytes(16)
    )
    Inquiry.objects.create(entered=LATER)
    Complaint.objects.create(ticket=secrets.token_bytes(16), entered=LATER, is_ill_treatment=False)
    Visit.objects.create(camp=camp, body="ICRC", asked=LATER)
    Worry.objects.create(person=person, raised=LATER)
    ExchangeList.objects.create(day=LATER, count=1, key_version=1, body=b"")


def _lists(person: Person, camp: Camp) -> Iterator[str]:
    sheet, movement = Sheet.objects.order_by("pk").first(), Movement.objects.order_by("pk").first()
    values = {"number": [person.number], "code": ["card", "review", "visit"], "any": [str(camp.pk)]}
    for path in paths(values):
        if _room(path) not in _ELSEWHERE and not _PAPERS.search(path) and not _ONE.search(path):
            yield path
    if sheet and movement:
        yield from (f"/arrivals/{sheet.pk}/", f"/journeys/{movement.pk}/", f"/medical/camps/{camp.pk}/?all=yes")


def _room(path: str) -> str:
    """Nothing where no address fits: a word that stands in a hole for a number."""
    try:
        return resolve(path).namespace
    except Resolver404:
        return ""


def _asked(browser: Client, path: str) -> int | None:
    """How often a page asks the database; None where there is none for whoever looks."""
    with CaptureQueriesContext(connection) as said:
        answer = browser.get(path)
    return len(said) if answer.status_code == 200 else None


def _first(browsers: dict[Role, Client], path: str) -> tuple[Role, int] | None:
    """One of those who may look, and how often their page asks."""
    asked = ((role, _asked(browser, path)) for role, browser in browsers.items())
    return next(((role, count) for role, count in asked if count is not None), None)


def test_no_page_asks_more_often_the_more_it_shows(desk_of: Doors, fill: Callable[[int], Person], camp: Camp) -> None:
    person = fill(FEW)
    browsers = {role: desk_of(role) for role in sorted(roles.here() - {Role.ADMINISTRATOR}, key=str)}
    few = {path: first for path in list(_lists(person, camp)) if (first := _first(browsers, path))}
    fill(MORE)
    many = {path: _asked(browsers[role], path) or 0 for path, (role, _) in few.items()}
    assert len(few) > 40
    grown = {path: (few[path], count) for path, count in many.items() if count > few[path][1] + _SLACK}
    assert not grown, "\n".join(f"{path} {told}" for path, told in grown.items())


def test_no_page_reads_all_events(desk_of: Doors, fill: Callable[[int], Person], camp: Camp) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads a small table whole, whatever indexes it has")
    person = fill(FEW)
    browsers = [desk_of(role) for role in sorted(roles.here() - {Role.ADMINISTRATOR}, key=str)]
    asked = {sql: path for path in list(_lists(person, camp)) for browser in browsers for sql in _reads(browser, path)}
    assert len(asked) > 20
    whole = {path: sql for sql, path in asked.items() if _reads_all_events(sql)}
    assert not whole, "\n".join(f"{path} {sql}" for path, sql in whole.items())


def _reads(browser: Client, path: str) -> list[str]:
    """What a page reads of events."""
    with CaptureQueriesContext(connection) as said:
        browser.get(path)
    statements = (one["sql"] for one in said.captured_queries)
    return [sql for sql in statements if _EVENTS.search(sql) and sql.startswith(("SELECT", "WITH"))]


def _reads_all_events(sql: str) -> bool:
    named = {alias or "custody_event" for alias in _EVENTS.findall(sql)}
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%"), [])
        steps = [row[3] for row in cursor.fetchall()]
    return any(step.split()[1] in named for step in steps if step.startswith("SCAN "))
