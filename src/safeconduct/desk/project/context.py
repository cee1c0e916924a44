# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every page knows: who is signed in, and where they may go."""

from typing import Any

from django.http import HttpRequest

from safeconduct.desk.project.navigation import places


def desk(request: HttpRequest) -> dict[str, Any]:
    keyring = getattr(request, "keyring", None)
    if keyring is None:
        return {"operator": None, "places": ()}
    return {"operator": keyring.operator, "is_locked": keyring.is_locked, "places": places(keyring.operator.plays)}
