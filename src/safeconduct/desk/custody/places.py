# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nobody is refused (arts. 23, 25): too many in one camp, or in its quarters of one category, is an alarm for who can open another."""

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.alerts.raising import raise_alert, settle_alert
from safeconduct.desk.custody.audited import FULL
from safeconduct.desk.custody.models import Camp, Quarters


def watch(camp: Camp | None) -> None:
    """After somebody came to this camp, or left one. All camps are counted only while the alarm stands: it may be over."""
    if camp is not None and _too_many(Camp.objects.filter(pk=camp.pk)):
        raise_alert(FULL)
    elif Alert.objects.filter(kind=FULL, is_over=False).exists():
        watch_all()


def watch_all() -> None:
    """After places changed."""
    if _too_many(Camp.objects.filter(is_open=True)):
        raise_alert(FULL)
    else:
        settle_alert(FULL)


def _too_many(camps: QuerySet[Camp]) -> bool:
    places = Quarters.objects.filter(camp=OuterRef("pk")).order_by().values("camp").annotate(all=Sum("places"))
    held = camps.annotate(held=Count("people"))
    if held.filter(held__gt=Coalesce(Subquery(places.values("all")), 0)).exists():
        return True
    lived_in = Quarters.objects.filter(camp__in=camps, people__camp=F("camp")).annotate(held=Count("people"))
    return lived_in.filter(held__gt=F("places")).exists()
