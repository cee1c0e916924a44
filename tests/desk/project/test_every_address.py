# SPDX-License-Identifier: AGPL-3.0-or-later
"""One table of every address and the roles that may use it. An address that is not in it fails here.

A row: the address's name, what its path needs, who may, and whether the thing it asks for is missing in this test
(then those who may get a 404 of their own). "door" addresses are open to people who are not signed in.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.desk.conftest import House

from safeconduct.desk.operators import roles
from safeconduct.desk.operators.roles import Role

O, S, A, M = Role.OPERATOR, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.MONITOR  # noqa: E741 -- the table reads better
P, V, U, E = Role.PLANNER, Role.APPROVER, Role.RECEIVING_UNIT, Role.EDITOR  # a plan's two people, a unit, an editor
EVERYONE = roles.here()
CASE: dict[str, object] = {"number": "26-4711"}
HANDOVER: dict[str, object] = {"number": "00000"}
FILE: dict[str, object] = {"envelope": bytes(16)}


@dataclass(frozen=True)
class Row:
    who: frozenset[Role]
    needs: dict[str, object] = field(default_factory=dict)
    is_missing: bool = False
    method: str = "get"
    says: dict[str, str] = field(default_factory=dict)


def row(*who: Role, **more: object) -> Row:
    return Row(frozenset(who), **more)  # type: ignore[arg-type]


DOOR = {"operators:sign-in", "operators:unlock", "operators:lock", "operators:sign-out", "operators:touch"}
ADDRESSES = {
    "home": row(*EVERYONE),
    "help": row(*EVERYONE),
    "mine": row(*EVERYONE),
    "duty": row(O, S, A),
    "duty-card": row(O, S, method="post"),
    "duty-begin": row(O, S, method="post"),
    "duty-end": row(O, S, method="post"),
    "skills": row(S, needs={"pk": 0}, is_missing=True),
    "prompts": row(O, S, E, A),
    "prompts-of": row(O, S, E, A, needs={"tag": "uk"}),
    "prompt": row(O, S, E, A, needs={"tag": "uk", "text_hash": "0" * 64}, is_missing=True),
    "health": row(A),
    "record": row(M),
    "phrasebook:pick": row(O, S, P, V, E),
    "phrasebook:favour": row(O, S, P, V, E, is_missing=True, method="post"),
    "phrasebook:languages": row(E),
    "phrasebook:language": row(E, needs={"tag": "uk"}),
    "phrasebook:propose-language": row(E, needs={"tag": "uk"}, method="post"),
    "phrasebook:wording": row(E, needs={"tag": "uk", "phrase": "hello"}),
    "phrasebook:draft": row(E, needs={"subject": "uk/hello"}, is_missing=True),
    "phrasebook:approve": row(E, needs={"subject": "uk/hello"}, is_missing=True, method="post"),
    "alerts:page": row(O, S, P, V, A, M),
    "alerts:head": row(O, S, P, V, A, M),
    "alerts:take": row(O, S, P, V, A, M, needs={"alert": "0"}, method="post"),
    "operators:awake": row(*EVERYONE),
    "operators:people": row(*EVERYONE),
    "operators:add": row(A),
    "operators:renew": row(A, needs={"pk": 0}, is_missing=True),
    "operators:deactivate": row(A, needs={"pk": 0}, is_missing=True),
    "operators:keys": row(O, S, P, V, A, M),
    "emergency:page": row(S, A),
    "emergency:lock": row(S, A, method="post", says={"drill": "yes"}),
    "emergency:propose-lift": row(S, A, method="post"),
    "emergency:lift": row(S, A, needs={"pk": 0}, method="post"),
    "emergency:propose-destruction": row(S, A, method="post"),
    "emergency:destroy": row(S, A, needs={"pk": 0}, method="post"),
    "operators:own-keys": row(*EVERYONE),
    "operators:own-key-add": row(*EVERYONE, method="post"),
    "operators:own-key-remove": row(*EVERYONE, needs={"pk": 0}, method="post"),
    "operators:rotate": row(O, S, P, V, M, method="post"),
    "operators:rotate-on": row(O, S, P, V, M, method="post"),
    "operators:admit": row(O, S, P, V, M, needs={"pk": 0}, is_missing=True),
    "approvals:waiting": row(O, S, P, V, E, A),
    "approvals:refuse": row(O, S, P, V, E, A, needs={"pk": 0}, is_missing=True, method="post"),
    "approvals:withdraw": row(O, S, P, V, E, A, needs={"pk": 0}, is_missing=True, method="post"),
    "cases:queue": row(O, S, P, V),
    "cases:rows": row(O, S, P, V),
    "cases:next": row(O, S, method="post"),
    "cases:claim": row(O, S, P, V, needs=CASE, is_missing=True, method="post"),
    "cases:need": row(O, S, P, V, needs=CASE, is_missing=True, method="post"),
    "cases:holder": row(O, S, P, V, needs=CASE),
    "cases:find": row(O, S, P, V, is_missing=True),
    "cases:shelf": row(O, S, P, V, needs={"state": "answered"}),
    "cases:case": row(O, S, P, V, needs=CASE, is_missing=True),
    "cases:news": row(O, S, P, V, needs=CASE),
    "cases:person": row(O, S, P, V, needs=CASE, is_missing=True),
    "cases:duplicates": row(O, S, P, V, needs=CASE, is_missing=True),
    "cases:merge": row(O, S, needs=CASE | {"other": "26-4712"}, is_missing=True),
    "cases:together": row(O, S, P, V, needs=CASE, is_missing=True),
    "cases:search": row(O, S, P, V),
    "cases:file": row(O, S, P, V, needs=CASE | FILE, is_missing=True),
    "cases:file-shown": row(O, S, P, V, needs=CASE | FILE, is_missing=True),
    "cases:reply": row(O, S, P, V, needs=CASE, is_missing=True, method="post"),
    "cases:note": row(O, S, P, V, needs=CASE, is_missing=True, method="post"),
    "cases:phrasebook": row(O, S, P, V, needs=CASE, is_missing=True, method="post"),
    "cases:phrase": row(O, S, P, V, needs=CASE, is_missing=True, method="post"),
    "cases:draft-reply": row(O, S, P, V, needs=CASE, is_missing=True, method="post"),
    "cases:draft-note": row(O, S, P, V, needs=CASE, is_missing=True, method="post"),
    "cases:unread": row(O, S, P, V),
    "cases:fold": row(O, S),
    "cases:put-away": row(O, S, method="post"),
    "cases:under": row(O, S, needs=CASE, is_missing=True),
    "cases:unfold": row(O, S, needs=CASE, is_missing=True, method="post"),
    "cases:filters": row(O, S, P, V),
    "cases:keep-filter": row(O, S, P, V, method="post"),
    "cases:marks": row(O, S, P, V, needs=CASE, is_missing=True),
    "cases:mark": row(O, S, P, V, needs=CASE, is_missing=True, method="post"),
    "cases:unit": row(O, S, P, V, needs=CASE, is_missing=True),
    "cases:unit-change": row(O, S, P, V, needs=CASE, is_missing=True, method="post"),
    "cases:print": row(O, S, needs=CASE, is_missing=True),
    "cases:status": row(O, S, P, V, needs=CASE, is_missing=True, method="post"),
    "cases:cell-offer": row(O, S, needs=CASE, is_missing=True, method="post"),
    "cases:cell-accept": row(P, needs=CASE, is_missing=True, method="post"),
    "cases:cell-give-back": row(P, needs=CASE, is_missing=True, method="post"),
    "cases:cell-move": row(O, S, needs=CASE | FILE, is_missing=True, method="post"),
    "shifts:shifts": row(O, S),
    "shifts:shift": row(O, S, needs={"pk": 0}, is_missing=True),
    "shifts:acknowledge": row(O, S, needs={"pk": 0}, is_missing=True, method="post"),
    "shifts:load": row(S),
    "shifts:calendar": row(S),
    "shifts:escalations": row(O, S, P, V),
    "shifts:take": row(O, S, P, V, needs={"pk": 0}, method="post"),
    "handover:overview": row(P, V),
    "handover:start": row(P, is_missing=True, method="post"),
    "handover:handover": row(P, V, needs=HANDOVER, is_missing=True),
    "handover:plan": row(P, needs=HANDOVER, is_missing=True),
    "handover:propose": row(P, needs=HANDOVER, is_missing=True, method="post"),
    "handover:recall": row(P, needs=HANDOVER, is_missing=True, method="post"),
    "handover:approve": row(V, needs=HANDOVER, is_missing=True, method="post"),
    "handover:refuse": row(V, needs=HANDOVER, is_missing=True, method="post"),
    "handover:release": row(P, V, needs=HANDOVER, is_missing=True, method="post"),
    "handover:reissue": row(P, V, needs=HANDOVER, is_missing=True, method="post"),
    "handover:codes": row(P, V, needs=HANDOVER, is_missing=True),
    "handover:outcome": row(P, V, needs=HANDOVER, is_missing=True, method="post"),
    "handover:link": row(P, V, needs=HANDOVER, is_missing=True),
    "handover:link-open": row(P, V, needs=HANDOVER, is_missing=True, method="post"),
    "handover:units": row(P, V),
    "handover:unit-add": row(P, V),
    "handover:unit": row(P, V, needs={"pk": 0}, is_missing=True),
    "handover:unit-people": row(P, V, needs={"pk": 0}, is_missing=True),
    "handover:unit-retire": row(P, V, needs={"pk": 0}, is_missing=True, method="post"),
    "handover:unit-dismiss": row(P, V, needs={"pk": 0}, is_missing=True, method="post"),
    "handover:sheets": row(U),
    "handover:sheet": row(U, needs=HANDOVER, is_missing=True),
    "handover:sheet-outcome": row(U, needs=HANDOVER, is_missing=True, method="post"),
    "telephone:phone": row(O, S),
    "telephone:state": row(O, S),
    "telephone:colleagues": row(O, S),
    "telephone:answer": row(O, S, method="post"),
    "telephone:hang-up": row(O, S, method="post"),
    "telephone:hold": row(O, S, method="post"),
    "telephone:press": row(O, S, method="post"),
}


def names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield f"{space}{pattern.name}"


def visit(browser: Client, name: str) -> HttpResponse:
    entry = ADDRESSES[name]
    return getattr(browser, entry.method)(reverse(name, kwargs=entry.needs), entry.says)  # type: ignore[no-any-return]


def test_every_address_is_in_the_table() -> None:
    assert set(names(get_resolver().url_patterns)) == set(ADDRESSES) | DOOR


@pytest.mark.rule("T6")
@pytest.mark.parametrize("role", sorted(roles.here(), key=str))
def test_each_role_reaches_its_own_addresses_and_no_other(house: House, role: Role) -> None:
    browser = house.signed_in(role)
    for name, entry in ADDRESSES.items():
        status = visit(browser, name).status_code
        if role not in entry.who or entry.is_missing:
            assert status == 404, name
        else:
            assert status in {200, 204, 302, 303, 400}, name


@pytest.mark.rule("T6")
@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_without_a_session_every_address_leads_to_the_door(db: None, name: str) -> None:
    answer = visit(Client(), name)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in/")


@pytest.mark.rule("T6")
def test_what_is_not_allowed_and_what_does_not_exist_look_the_same(house: House) -> None:
    browser = house.signed_in(Role.ADMINISTRATOR)
    pages = [browser.get(path).content for path in ("/cases/26-4711/", "/audit/", "/nothing/here/")]
    texts = [page.split(b"<main")[1] for page in pages]
    assert texts[0] == texts[1] == texts[2]


@pytest.mark.parametrize("role", sorted(roles.here(), key=str))
def test_the_head_leads_only_where_the_role_may_go(house: House, role: Role) -> None:
    browser = house.signed_in(role)
    page = browser.get("/help/").content.decode()
    shown = {name for name in ADDRESSES if not ADDRESSES[name].needs and f'href="{reverse(name)}" data-go' in page}
    assert shown
    assert all(role in ADDRESSES[name].who for name in shown)
    for name in shown:
        assert visit(browser, name).status_code == 200
