# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable

import pytest
from django.test import Client
from tests.custody.conftest import ARRIVAL
from tests.desk.conftest import House

from safeconduct.desk.custody import acts
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Camp
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import CampKind

Enter = Callable[..., str]


@pytest.fixture
def office(house: House) -> Client:
    """The mail office's browser."""
    return house.signed_in(Role.MAIL_OFFICE)


@pytest.fixture
def other(registrar: Operator) -> Camp:
    return acts.open_camp(registrar, "Dalni", CampKind.HOSPITAL, {}, When(ARRIVAL))  # no list is needed to go there


@pytest.fixture
def enter(office: Client, camp: Camp) -> Enter:
    """Sends a sheet, and gives the page that answers."""

    def sent(lines: str, **said: object) -> str:
        usual = {"sheet": "came", "kind": "letter", "camp": camp.pk, "day": ARRIVAL.isoformat(), "ticket": "ab" * 16}
        answer = office.post("/post/sheet/", usual | {"lines": lines} | said)
        assert answer.status_code == 200
        return answer.content.decode()

    return sent
