# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is asked, and who next when nobody takes an alert.

A step of the roster is a group, or one person by name. A group is asked all at once: one by one, ten people on duty would
be an hour before the supervisor hears of it. Whoever can mend an alert of a kind is asked first, on whatever step the roster
begins: who is on duty but may not even open what is wrong can only wait with it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import resolve, reverse

from safeconduct.desk.alerts import registry
from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.operators import duty, roles, sessions
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role

ON_DUTY, SUPERVISORS, ADMINISTRATORS = "on-duty", "supervisors", "administrators"
USUAL = (ON_DUTY, SUPERVISORS, ADMINISTRATORS)
_ROLES = {SUPERVISORS: Role.SUPERVISOR, ADMINISTRATORS: Role.ADMINISTRATOR}


def able(kind: str) -> frozenset[Role] | None:
    """The roles that can mend an alert of this kind and see alerts at all; None: it is everybody's."""
    found = registry.asks(kind)
    if found is None and settings.DESK.house == "desk":
        page = registry.page(kind)
        act = getattr(resolve(reverse(page)).func, "act", "") if page else ""
        found = roles.ACTS[act] if act else None
    return (found & roles.ACTS["alerts.see"]) or None if found else None


def people(step: str, mending: frozenset[Role] | None = None) -> list[Operator]:
    """Whom a step of the roster asks now. `mending`: of those on duty, who can mend it, or who stands in for them."""
    if step == ON_DUTY:
        return [one.operator for one in duty.on_duty()] if mending is None else _menders(mending)
    active = Operator.objects.filter(active=True)
    if step in _ROLES:
        return list(active.filter(role=_ROLES[step].value))
    return list(active.filter(name=step))


def asked(row: Alert, order: Sequence[str]) -> list[Operator]:
    """Everybody who has been asked so far and is still there to answer; nobody once somebody took it."""
    if row.acknowledged_by_id is not None or row.is_over:
        return []
    audience = registry.audience(row.kind)
    if audience is not None:
        return list(Operator.objects.filter(active=True, role__in=[role.value for role in audience]))
    mending = able(row.kind)
    first = () if mending is None else _menders(mending)
    steps = (one for step in order[: row.step + 1] for one in people(step, mending))
    return list(dict.fromkeys([*first, *steps]))


def takes(actor: Operator, row: Alert, order: Sequence[str]) -> bool:
    """Whether it is the actor's to take: who can mend it, the supervisors, who know whom to call, and whoever was asked.

    It would be silent by the name of somebody who cannot even open what is wrong.
    """
    mending = able(row.kind)
    if mending is None or actor.plays in mending | {Role.SUPERVISOR}:
        return True
    return actor in asked(row, order)


def _menders(mending: frozenset[Role]) -> list[Operator]:
    """Of those roles whoever is on duty, and everybody of a role that knows no duty.

    When none of them is at a desk now, all of these roles, and the supervisors, who know whom to call.
    """
    everybody = list(Operator.objects.filter(active=True, role__in=[role.value for role in mending]).order_by("name"))
    on_duty = {one.operator.pk for one in duty.on_duty()}
    first = [one for one in everybody if one.pk in on_duty or not roles.may(one.plays, "duty.take")]
    if {one.pk for one in first} & (on_duty | sessions.present()):
        return first
    return list(dict.fromkeys([*everybody, *people(SUPERVISORS)]))


def waits(row: Alert) -> bool:
    """Whether somebody has still to take it."""
    return row.acknowledged_by_id is None and not row.is_over


@transaction.atomic
def escalate(now: datetime, order: Sequence[str], within: timedelta) -> int:
    """Ask the next when nobody has answered in time, or nobody is there. Returns how many alerts moved on.

    After the last step everybody has been asked, and stays asked. A kind with an audience asks all of it at once.
    """
    rows = Alert.objects.select_for_update().filter(acknowledged_by=None, is_over=False, step__lt=len(order))
    return sum(_moved(row, now, order, within) for row in rows.exclude(kind__in=registry.apart()))


def _moved(row: Alert, now: datetime, order: Sequence[str], within: timedelta) -> bool:
    step, mending = row.step, able(row.kind)
    # A clock that was set back would make everybody wait for as long again: `since` in the future counts as long ago.
    if not timedelta(0) <= now - row.step_since < within:
        step += 1
    while step < len(order) and not people(order[step], mending):
        step += 1
    if step == row.step:
        return False
    row.step, row.step_since = step, now
    row.save(update_fields=["step", "step_since"])
    audit.record(None, "alerts.escalated", row.kind)
    return True
