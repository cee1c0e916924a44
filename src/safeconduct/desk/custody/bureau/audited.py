# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts of this room that are recorded (R49), and what rings."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.alerts.registry import Kind
from safeconduct.desk.audit.registry import Act
from safeconduct.desk.operators.roles import Role

ACTS = (
    Act("custody.bureau_package", _("made a package for the Bureau")),
    Act("custody.bureau_anew", _("sealed packages for the Bureau anew")),
    Act("custody.bureau_sent", _("sent packages to the Bureau again")),
    Act("custody.bureau_acknowledged", _("took in the Bureau's acknowledgement")),
    Act("custody.worry", _("asked counsel whether the Power may know")),
    Act("custody.worry_read", _("read why the Power should perhaps not know")),
    Act("custody.worry_decided", _("decided whether the Power may know")),
)
SILENT, UNSEALED, REFUSED = "custody.bureau_silent", "custody.bureau_unsealed", "custody.bureau_refused"
WORRY, WORRY_LATE = "custody.worry", "custody.worry_late"
_PACKAGES = frozenset({Role.BUREAU, Role.REGISTRAR})
KINDS = (
    Kind(
        SILENT,
        _("The Bureau has acknowledged nothing for a week"),
        "bureau:packages",
        lasts=True,
        asks=_PACKAGES,
    ),
    Kind(UNSEALED, _("Packages for the Bureau wait for its key"), "bureau:packages", lasts=True, asks=_PACKAGES),
    Kind(
        REFUSED,
        _("A file that came from the Bureau is no acknowledgement of its"),
        "bureau:packages",
        asks=_PACKAGES,
    ),
    Kind(
        WORRY,
        _("Counsel is asked whether the Power may know of somebody"),
        "bureau:worries",
        lasts=True,
        audience=frozenset({Role.COUNSEL}),
    ),
    Kind(
        WORRY_LATE,
        _("Counsel has not decided in time whether the Power may know of somebody"),
        "bureau:worries",
        lasts=True,
        audience=frozenset({Role.COUNSEL, Role.MONITOR}),
    ),
)
