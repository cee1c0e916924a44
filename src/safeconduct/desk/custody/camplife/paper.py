# SPDX-License-Identifier: AGPL-3.0-or-later
"""The log of a camp's visits on paper (art. 126)."""

from safeconduct.desk.custody.camplife import sealed
from safeconduct.desk.custody.camplife.models import Refusal, Visit
from safeconduct.desk.custody.camplife.telling import BODIES
from safeconduct.desk.custody.models import Camp
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.paper.content import ROWS_MOST, VisitLog, VisitPutOff
from safeconduct.paper.content import Visit as OnPaper
from safeconduct.vocabulary.camplife import Body, RefusalTold, VisitTold

_LINE_MOST = 200


def log_on_paper(keyring: Keyring, camp: Camp) -> VisitLog:
    """The latest so many. Raises `NotAdmitted`, `Tampered`."""
    made = camp.visits.filter(made__isnull=False).order_by("-made", "-pk")[:ROWS_MOST]
    rows = Refusal.objects.filter(visit__camp=camp, refused__isnull=False).select_related("visit", "approved_by")
    put_off = rows.order_by("-refused", "-pk")[:ROWS_MOST]
    return VisitLog(
        camp=camp.name,
        visits=tuple(_made(keyring, one) for one in reversed(made)),
        put_off=tuple(_put_off(keyring, one) for one in reversed(put_off)),
    )


def _made(keyring: Keyring, visit: Visit) -> OnPaper:
    told = sealed.newest(keyring, visit, sealed.made(visit.makings), VisitTold) or VisitTold()
    return OnPaper(
        arrived=_line(visit.made.isoformat() if visit.made else "", told.arrived),
        left=told.left,
        visitors=_line(_body(visit), f"({visit.visitors})", told.visitors),
        places=told.places,
        without_witnesses="✓" if visit.is_without_witnesses else "–",
    )


def _put_off(keyring: Keyring, refusal: Refusal) -> VisitPutOff:
    told = sealed.newest(keyring, refusal.visit, sealed.refused(refusal.pk), RefusalTold)
    return VisitPutOff(
        visitors=_body(refusal.visit),
        reason=told.reason if told else "",
        approved_by=refusal.approved_by.name if refusal.approved_by else "",
        until=refusal.until.isoformat(),
    )


def _body(visit: Visit) -> str:
    return str(BODIES[Body(visit.body)])


def _line(*parts: str) -> str:
    return " ".join(one for one in parts if one)[:_LINE_MOST]
