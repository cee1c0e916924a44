# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk locked for everybody (R51). Who may lift it signs in and reaches the pages for that, and nothing else."""

import secrets

from safeconduct.desk.operators import roles, sessions
from safeconduct.desk.operators.models import Lockdown, Operator

NONCE_BYTES = 16
LIFTS = "emergency.lift"
# What those who may lift it still reach. None of it opens anything that is sealed.
REACHED = frozenset(
    {
        "desk.home",
        "desk.help",
        "emergency.see",
        "emergency.lock",
        "emergency.lift",
        "emergency.destroy",
        "approvals.see",
    }
)


def now() -> Lockdown | None:
    return Lockdown.objects.select_related("by").first()


def begin(actor: Operator) -> int:
    """Lock every session there is. How many were open. Called inside an act, which lets a second one change nothing."""
    Lockdown.objects.get_or_create(pk=Lockdown.ONLY, defaults={"by": actor, "nonce": secrets.token_bytes(NONCE_BYTES)})
    return sessions.lock_all()


def end() -> None:
    """Everybody signs in anew: a session that was saved in the moment of the lock is locked as well. Called inside an act."""
    sessions.lock_all()
    Lockdown.objects.all().delete()


def may_lift(operator: Operator) -> bool:
    return roles.may(operator.plays, LIFTS)


def shuts_out(operator: Operator) -> bool:
    """Whether this person cannot come in now."""
    return not may_lift(operator) and Lockdown.objects.exists()


def bars(operator: Operator, act: str | None) -> bool:
    """Whether a view that needs this act is closed to this person now. Views without an act are the door's own."""
    if act is None or (act in REACHED and may_lift(operator)):
        return False
    return Lockdown.objects.exists()
