# SPDX-License-Identifier: AGPL-3.0-or-later
"""What goes with the keys when they are destroyed: without it yesterday's backup would bring them back."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.operators.destroying import Destroyer
from safeconduct.desk.project.backup_keys import Ring


def _ring() -> Ring:
    return Ring(settings.DESK.backup_keys)


DESTROYERS = (
    Destroyer(
        "project.backups",
        _("Keys of the backups on this machine"),
        lambda: _ring().count(),
        lambda: _ring().forget_all(),
    ),
)
