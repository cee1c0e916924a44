# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every page knows: who is signed in, and where they may go."""

from functools import cache, partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from safeconduct.desk.alerts import access as alerts
from safeconduct.desk.operators import duty, roles, rotation
from safeconduct.desk.operators.models import Operator, Shift
from safeconduct.desk.project.navigation import places


def desk(request: HttpRequest) -> dict[str, Any]:
    """Whoever is signed in, the places of their role, and whether this house is a demonstration."""
    keyring = getattr(request, "keyring", None)
    idle = settings.DESK.idle_seconds
    known = {
        "house": settings.DESK.house,
        "is_demonstration": settings.DESK.demonstration,
        "idle_seconds": idle,
        "idle_minutes": idle // 60,
    }
    if keyring is None:
        return {"operator": None, "is_locked": True, **known}
    here = places(keyring.operator.plays, request.path)
    shift = SimpleLazyObject(partial(_shift, keyring.operator))  # a fragment does not ask for it
    takes_duty = roles.may(keyring.operator.plays, "duty.take")
    return {
        "operator": keyring.operator,
        "is_locked": keyring.is_locked,
        "places": here,
        "shift": shift,
        "takes_duty": takes_duty,
        "takes_alerts": roles.may(keyring.operator.plays, "alerts.take"),
        # Asked by the page, once, and not by a fragment. A number and no lazy object: a plural rule reckons with it.
        "alerts_waiting": cache(partial(alerts.waiting, keyring.operator)),
        "key_call": SimpleLazyObject(partial(rotation.call_for, keyring.operator)),
        **known,
    }


def _shift(operator: Operator) -> Shift | None:
    """None for who is never on duty, and for who is not now."""
    return duty.shift_of(operator) if roles.may(operator.plays, "duty.take") else None
