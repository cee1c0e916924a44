# SPDX-License-Identifier: AGPL-3.0-or-later
"""Help says what the signed-in role can do, and no key that leads elsewhere."""

import re
from collections import Counter
from collections.abc import Callable

import pytest
from django.test import Client

from safeconduct.desk.custody.models import Person
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.roles import Role
from safeconduct.desk.project.navigation import places

Doors = Callable[[Role], Client]
KEYS = re.compile(r"<dt><kbd>g</kbd> <kbd>(\w)</kbd></dt>")


@pytest.mark.parametrize("role", sorted(roles.here(), key=str))
def test_no_two_links_of_a_page_answer_to_the_same_keys(desk_of: Doors, person: Person, role: Role) -> None:
    browser = desk_of(role)
    for path in [place.url for place in places(role)] + ["/help/", f"/persons/{person.number}/"]:
        page = browser.get(path).content.decode()
        assert max(Counter(re.findall(r'data-go="(\w)"', page)).values(), default=0) <= 1, path


@pytest.mark.parametrize("role", sorted(roles.here(), key=str))
def test_help_names_each_shortcut_once_and_only_those_that_are_there(desk_of: Doors, role: Role) -> None:
    page = desk_of(role).get("/help/").content.decode()
    told, there = KEYS.findall(page), re.findall(r'data-go="(\w)"', page)
    assert told == there
    assert len(set(told)) == len(told)


def test_help_says_to_each_role_something_of_its_own(desk_of: Doors) -> None:
    pages = {role: desk_of(role).get("/help/").content.decode() for role in roles.here()}
    told = {role: page.split("<h1>")[1].split('<h2 id="keys">')[0] for role, page in pages.items()}
    assert len(set(told.values())) == len(told)
    assert [role for role, page in told.items() if "exchange list" in page] == [Role.REGISTRAR]
