# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every page knows: who is signed in, and where they may go."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from safeconduct.desk.project.navigation import places


def desk(request: HttpRequest) -> dict[str, Any]:
    """Whoever is signed in, the places of their role, and whether this house is a demonstration."""
    keyring = getattr(request, "keyring", None)
    idle = settings.DESK.idle_seconds
    known = {"is_demonstration": settings.DESK.demonstration, "idle_seconds": idle, "idle_minutes": idle // 60}
    if keyring is None:
        return {"operator": None, "is_locked": True, **known}
    here = places(keyring.operator.plays, request.path)
    return {"operator": keyring.operator, "is_locked": keyring.is_locked, "places": here, **known}
