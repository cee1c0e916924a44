# SPDX-License-Identifier: AGPL-3.0-or-later
"""An alert leads whoever sees it to a page that is there for them, or to none."""

import re
from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve, reverse

from safeconduct.desk.alerts import registry
from safeconduct.desk.alerts.raising import raise_alert
from safeconduct.desk.custody.deaths.audited import UNEXPLAINED
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.roles import Role

HOUSES = ("custody", "movements", "medical", "deaths", "camplife", "complaints", "inquiries")
_LOOK = re.compile(r'href="([^"]+)">Look there')


@pytest.mark.parametrize("role", sorted(roles.here(), key=str))
def test_every_page_that_an_alert_leads_to_is_there(desk_of: Callable[[Role], Client], role: Role) -> None:
    for kind in registry._kinds:
        with transaction.atomic():
            raise_alert(kind)
    browser = desk_of(role)
    leads = set(_LOOK.findall(browser.get("/alerts/").content.decode()))
    assert leads
    assert {path: browser.get(path).status_code for path in leads} == dict.fromkeys(leads, 200)


@pytest.mark.rule("T6")
def test_every_alarm_of_custody_asks_somebody_who_may_open_its_page() -> None:
    """The administrator alone would be asked of an alarm that names nobody, and may open none of these pages."""
    for kind in (one for one in registry._kinds.values() if one.code.split(".")[0] in HOUSES):
        able = {role for role in kind.audience or kind.asks or () if roles.may(role, act_of(kind.page))}
        assert able, kind.code
        assert Role.ADMINISTRATOR not in (kind.audience or kind.asks or ()), kind.code


def act_of(page: str) -> str:
    return str(getattr(resolve(reverse(page)).func, "act"))  # noqa: B009 - mypy does not know it


@pytest.mark.rule("R36")
def test_whose_camp_a_death_was_in_cannot_take_its_alarm_away(desk_of: Callable[[Role], Client]) -> None:
    with transaction.atomic():
        raise_alert(UNEXPLAINED)
    told = "A death needs an inquiry"
    assert told not in desk_of(Role.CAMP_COMMANDER).get("/alerts/").content.decode()
    assert told in desk_of(Role.REGISTRAR).get("/alerts/").content.decode()
