# SPDX-License-Identifier: AGPL-3.0-or-later
"""Role by act, cell by cell (T6). A new act fails here until someone has decided who may do it."""

import pytest
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from safeconduct.desk.operators import guards, roles
from safeconduct.desk.operators.keyring import DeskRequest, Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing.keys import PrivateKey

O, S, A, M = Role.OPERATOR, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.MONITOR  # noqa: E741 -- the table reads better
P, V, U, E = Role.PLANNER, Role.APPROVER, Role.RECEIVING_UNIT, Role.EDITOR  # a plan's two people, a unit, an editor
R, D, C, L = Role.REGISTRAR, Role.MEDICAL, Role.CAMP_COMMANDER, Role.MAIL_OFFICE  # custody: another house
B, N = Role.BUREAU, Role.COUNSEL
HELD = {R, D, L, B, N}  # who holds a key of custody

DECIDED = {
    "desk.home": set(Role),
    "desk.help": set(Role),
    "desk.mine": set(Role),
    "desk.health": {A},
    "people.see": set(Role),
    "people.add": {A},
    "people.change": {A},
    "people.admit": {O, S, P, V, M} | HELD,
    "keys.see": {O, S, P, V, A, M} | HELD,
    "emergency.see": {S, R, A},
    "emergency.lock": {S, R, A},
    "emergency.lift": {S, R, A},
    "emergency.destroy": {S, R, A},
    "keys.own": set(Role),
    "keys.rotate": {O, S, P, V, M} | HELD,
    "duty.see": {O, S, A},
    "duty.take": {O, S},
    "skills.set": {S},
    "handover.see": {P, V},
    "handover.plan": {P},
    "handover.approve": {V},
    "handover.release": {P, V},
    "handover.codes": {P, V},
    "handover.outcome": {P, V},
    "handover.link": {P, V},
    "units.see": {P, V},
    "units.change": {P, V},
    "sheets.see": {U},
    "sheets.outcome": {U},
    "telephone.use": {O, S},
    "shifts.see": {O, S},
    "load.see": {S},
    "promises.change": {S},
    "escalations.see": {O, S, P, V},
    "escalations.take": {O, S, P, V},
    "audit.read": {M},
    "phrasebook.pick": {O, S, P, V, E},
    "phrasebook.write": {E},
    "phrasebook.approve": {E},
    "alerts.see": {O, S, P, V, A, M, C} | HELD,
    "alerts.take": {O, S, P, V, A, M, C} | HELD,
    "approvals.see": {O, S, P, V, E, A, C} | HELD,
    "cases.queue": {O, S, P, V},
    "cases.open": {O, S, P, V},
    "cases.file": {O, S, P, V},
    "cases.reply": {O, S, P, V},
    "cases.note": {O, S, P, V},
    "cases.status": {O, S, P, V},
    "cases.mark": {O, S, P, V},
    "cases.lift": {S},
    "cases.unit": {O, S, P, V},
    "cases.print": {O, S},
    "cases.fold": {O, S},
    "cases.filters": {O, S, P, V},
    "cases.claim": {O, S, P, V},
    "cases.person": {O, S, P, V},
    "cases.search": {O, S, P, V},
    "cases.merge": {O, S},
    "cases.next": {O, S},
    "cases.need": {O, S, P, V},
    "cell.offer": {O, S},
    "cell.move": {O, S},
    "cell.accept": {P},
    "cell.give_back": {P},
    "prompts.hear": {O, S, E, A},
    "custody.board": {M, C} | HELD,
    "custody.people": {M, C} | HELD,
    "custody.register": {R},
    "custody.renumber": {R},
    "custody.take_back": {R},
    "custody.enter": {C} | HELD,
    "custody.identity": {R, B},
    "custody.arrival": {R, D},
    "custody.effects": {R},
    "custody.forms": {M, C} | HELD,
    "custody.medical": {D},
    "custody.seriously_ill": {D, B},
    "custody.tell_health": {B},
    "custody.camplife": {R, C, M, N},
    "custody.day_sheet": {C},
    "custody.elect": {C},
    "custody.elected_approve": {R},
    "custody.visits": {R, C},
    "custody.visit_made": {R},
    "custody.visit_approve": {R},
    "custody.visit_log": {R, M},
    "custody.death": {R, D, B, N, M},
    "custody.death_write": {R},
    "custody.death_examine": {D},
    "custody.death_print": {R, B},
    "custody.camps": {R},
    "custody.hostilities": {R},
    "custody.wish": {R, N},
    "custody.wish_take": {R},
    "custody.exchange": {R},
    "custody.return": {R},
    "custody.return_read": {R, N},
    "custody.to_counsel": {C} | HELD,
    "custody.counsel": {N},
    "custody.complain": {M, C} | HELD,
    "custody.post": {L},
    "custody.post_ledger": {L, R, M},
    "custody.post_limit": {R},
    "custody.altered": {M},
    "custody.complaints": {M, N},
    "custody.packages": {R, B, M},
    "custody.packages.send": {R, B},
    "custody.packages.take": {B},
    "custody.worry": {R, B, N},
    "custody.worry.decide": {N},
    "custody.worries": {N, M},
    "custody.names": {R, B},
    "custody.inquiries": {B},
    "custody.bind": {R, A},
    "custody.lists": {R, D, C, M},
    "custody.move": {R},
    "custody.travel": {D},
    "custody.quarters": {R, C},
}


def test_every_act_has_been_decided() -> None:
    assert set(roles.ACTS) == set(DECIDED)


@pytest.mark.rule("T6")
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("act", sorted(DECIDED))
def test_a_guard_lets_in_exactly_who_was_decided(role: Role, act: str) -> None:
    @guards.may(act)
    def view(_request: DeskRequest) -> HttpResponse:
        return HttpResponse("in")

    request = RequestFactory().get("/")
    request.keyring = Keyring(Operator(name="x", role=role.value), PrivateKey.generate())  # type: ignore[attr-defined]
    if role in DECIDED[act]:
        assert view(request).status_code == 200
        return
    with pytest.raises(Http404):
        view(request)


def test_an_administrator_needs_no_team_and_so_no_key() -> None:
    assert Role.ADMINISTRATOR.team is None
    assert not any(A in DECIDED[act] for act in DECIDED if act.startswith("cases."))
