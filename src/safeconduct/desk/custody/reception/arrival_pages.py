# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sheet of arrivals: forty rows, numbers first. What was typed comes back with every refusal; a row that was good stays entered."""

import binascii
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from safeconduct.desk.custody import acts, days, fields, forms, readings
from safeconduct.desk.custody import telling as register
from safeconduct.desk.custody.errors import CustodyError, NoSuchCamp
from safeconduct.desk.custody.models import Camp
from safeconduct.desk.custody.reception import arrivals, telling
from safeconduct.desk.custody.reception.arrivals import Common, Kept, Outcome
from safeconduct.desk.custody.reception.models import TICKET_BYTES, Sheet
from safeconduct.desk.custody.reception.sheet import FIELDS, ROWS, Typed, rows_of
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.vocabulary.identity import SHORT_MAX
from safeconduct.vocabulary.languages import LANGUAGES

_FORM = ["GET", "HEAD", "POST"]
_SHOWN = 20  # sheets to go back to
_TOO_MANY = _(
    "A sheet has forty rows. The numbers that are left over are still in the box: send them with the next sheet."
)
_NOBODY = _("Enter at least one number.")


@dataclass(frozen=True, slots=True)
class _Page:
    """A sheet as it is shown: its rows, the numbers that found no row, and what is wrong with the whole."""

    ticket: bytes
    rows: Sequence[dict[str, Any]] = ()
    left: Sequence[Typed] = ()
    problem: str | Promise = ""
    sheet: Sheet | None = None


@require_http_methods(_FORM)
@may("custody.register")
def arrivals_page(request: DeskRequest) -> HttpResponseBase:
    """A new sheet."""
    if request.method != "POST":
        return _shown(request, _Page(secrets.token_bytes(TICKET_BYTES)))
    rows, ticket = rows_of(request.POST), _ticket(request)
    if not rows:
        return _shown(request, _Page(ticket, problem=_NOBODY))
    try:
        outcomes = arrivals.enter(request.keyring, ticket, _common(request), rows[:ROWS])
    except CustodyError as error:
        return _shown(request, _as_typed(ticket, rows, error))
    return _answered(request, ticket, outcomes, rows[ROWS:])


@require_http_methods(_FORM)
@may("custody.register")
def sheet_page(request: DeskRequest, pk: int) -> HttpResponseBase:
    """A sheet that was entered, to fill in what was not known, or to add who was forgotten."""
    sheet = Sheet.objects.filter(pk=pk).select_related("camp").first()
    if sheet is None:
        raise Http404
    ticket = bytes(sheet.ticket)
    if request.method != "POST":
        today = acts.today()
        known = [_known(one, today) for one in arrivals.read(request.keyring, sheet)]
        return _shown(request, _Page(ticket, known, sheet=sheet))
    rows = rows_of(request.POST)
    common = Common(sheet.camp, sheet.day, language=request.POST.get("language", ""))
    try:
        outcomes = arrivals.enter(request.keyring, ticket, common, rows[:ROWS])
    except CustodyError as error:
        return _shown(request, _as_typed(ticket, rows, error, sheet))
    return _answered(request, ticket, outcomes, rows[ROWS:])


def _as_typed(ticket: bytes, rows: list[Typed], error: CustodyError, sheet: Sheet | None = None) -> _Page:
    """Nothing was entered, and nothing that was typed is lost."""
    shown = [_typed(row) for row in rows[:ROWS]]
    return _Page(ticket, shown, left=rows[ROWS:], problem=register.refused(error), sheet=sheet)


def _answered(request: DeskRequest, ticket: bytes, outcomes: list[Outcome], left: list[Typed]) -> HttpResponseBase:
    sheet = Sheet.objects.filter(ticket=ticket).select_related("camp").first()
    if sheet is not None and not left and all(one.refused is None for one in outcomes):
        return redirect("reception:sheet", pk=sheet.pk)
    kept = {one.person.pk: one for one in arrivals.read(request.keyring, sheet)} if sheet else {}
    today = acts.today()
    rows = [
        _typed(one.typed, one.refused) if one.person is None else _known(kept[one.person.pk], today) for one in outcomes
    ]
    return _shown(request, _Page(ticket, rows, left=left, sheet=sheet, problem=_TOO_MANY if left else ""))


def _shown(request: DeskRequest, page: _Page) -> HttpResponse:
    refused = [(place, row) for place, row in enumerate(page.rows) if row["problem"]]
    context = {
        "ticket": page.ticket.hex(),
        "rows": [*page.rows, *(_typed(Typed("")) for _ in range(ROWS - len(page.rows)))],
        "left": "\n".join(one.number for one in page.left),
        "problem": page.problem,
        "refused": refused,
        "entered": sum(row["person"] is not None for row in page.rows),
        "sheet": page.sheet,
        "said": request.POST,
        "since": forms.since(request.POST),
        "camps": Camp.objects.filter(is_open=True),
        "languages": [(tag, one.endonym) for tag, one in LANGUAGES.items()],
        "healths": telling.HEALTHS,
        "today": days.here(),
        "sheets": Sheet.objects.select_related("camp")[:_SHOWN],
    }
    return render(request, "reception/arrivals.html", context, status=400 if page.problem or refused else 200)


@fields.together
def _common(request: DeskRequest) -> Common:
    camp = forms.camp(request.POST)
    if camp is None:
        raise NoSuchCamp
    fields.day(request.POST, "in_power_since")  # each row would be refused for it
    return Common(
        camp=camp,
        day=forms.when(request.POST).day,
        language=request.POST.get("language", ""),
        power=fields.line(request.POST, "power", SHORT_MAX),
        in_power_since=request.POST.get("in_power_since", ""),
    )


def _ticket(request: DeskRequest) -> bytes:
    """The sheet's own; a new one for a page that was changed on its way."""
    try:
        said = binascii.unhexlify(request.POST.get("ticket", ""))
    except ValueError:
        said = b""
    return said if len(said) == TICKET_BYTES else secrets.token_bytes(TICKET_BYTES)


def _typed(row: Typed, refused: CustodyError | None = None) -> dict[str, Any]:
    """A row as it was typed, entered or not."""
    return {
        "number": row.number,
        "said": row.said,
        "health": [row.health.value] if row.health else [],
        "is_young": row.is_young,
        "seen": row.seen,
        "person": None,
        "problem": register.refused(refused) if refused else "",
    }


def _known(kept: Kept, today: date) -> dict[str, Any]:
    """A row as the register has it."""
    known = kept.known
    said = {name: getattr(known, name) for name in FIELDS} | {"birth": known.birth.text if known.birth else ""}
    return {
        "number": kept.person.number,
        "said": said,
        "health": kept.health,
        "is_young": kept.is_young,
        "seen": kept.page,
        "person": kept.person,
        "problem": "",
        "reading": readings.reading_of(known, today),
    }
