# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this room destroys with the keys (R51)."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.operators import sessions
from safeconduct.desk.operators.destroying import Destroyer
from safeconduct.desk.operators.models import IndexKey, Membership


def _held() -> int:
    return Membership.objects.filter(wrapped__isnull=False).count()


def _forget_teams() -> int:
    sessions.lock_all()
    return Membership.objects.filter(wrapped__isnull=False).update(wrapped=None, vouched=None)


def _forget_indexes() -> int:
    gone, _of_each = IndexKey.objects.all().delete()
    return gone


DESTROYERS = (
    Destroyer("operators.teams", _("Team keys, as they are wrapped to each member"), _held, _forget_teams),
    Destroyer("operators.indexes", _("Keys of search indexes"), IndexKey.objects.count, _forget_indexes),
)
