# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody has to be asked for about keys, wherever they are: a new key that is owed, and a desk that is locked."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.alerts.raising import raise_alert, settle_alert
from safeconduct.desk.alerts.registry import Kind
from safeconduct.desk.operators import lockdown, roles
from safeconduct.desk.operators.models import KeyRotation
from safeconduct.desk.operators.rotation import State

DUE, LOCKED = "keys.due", "keys.locked"
KINDS = (
    Kind(
        DUE,
        _("A team needs a new key: somebody who held it has left"),
        "operators:keys",
        lasts=True,
        asks=roles.ACTS["keys.rotate"],
    ),
    Kind(
        LOCKED, _("The desk is locked for everybody"), "operators:keys", lasts=True, asks=roles.ACTS["emergency.lift"]
    ),
)


def watch() -> None:
    """Called every minute: what stands already only lasts."""
    _say(DUE, is_so=KeyRotation.objects.filter(state=State.DUE.value).exists())
    _say(LOCKED, is_so=lockdown.now() is not None)


def _say(kind: str, *, is_so: bool) -> None:
    (raise_alert if is_so else settle_alert)(kind)
