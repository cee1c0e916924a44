# SPDX-License-Identifier: AGPL-3.0-or-later
"""An alert leads whoever sees it to a page that is there for them, or to none."""

import re
from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from safeconduct.desk.alerts import registry
from safeconduct.desk.alerts.raising import raise_alert
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.roles import Role

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
