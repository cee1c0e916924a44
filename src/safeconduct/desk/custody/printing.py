# SPDX-License-Identifier: AGPL-3.0-or-later
"""Papers about a person, made in memory when they are asked for, and kept nowhere. A print that fails loses nothing."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody.errors import PaperFailed, PaperRefused
from safeconduct.paper.__main__ import REFUSED
from safeconduct.paper.content import (
    CaptureCard,
    Complaint,
    DeathRecord,
    EffectsReceipt,
    ExchangeList,
    Form,
    MedicalSheet,
    Reception,
    TransferList,
    VisitLog,
    WishRecord,
)
from safeconduct.paper.wording import AVAILABLE

_PATIENCE = 30  # seconds
_CARD_PATIENCE = 0.1  # more for each card of many: a thousand take less than a minute
OURS, THEIRS = "uk", "en"  # the detaining Power's language, and one that the Agency reads
TITLES: dict[type[Form], str | Promise] = {
    CaptureCard: _("Capture card"),
    Reception: _("Sheet for reception"),
    EffectsReceipt: _("Receipt for effects"),
    MedicalSheet: _("Medical sheet"),
    WishRecord: _("Record of a wish"),
    Complaint: _("Complaint"),
    TransferList: _("Transfer list"),
    ExchangeList: _("Exchange list"),
    VisitLog: _("Log of visits"),
    DeathRecord: _("Record of a death"),
}


@dataclass(frozen=True, slots=True)
class Print:
    """One form in its languages. `name` is the file's, without an ending; `back` leads to the page it was asked for on."""

    form: Form
    languages: Sequence[str]
    name: str
    back: str


def printed(content: Form | Sequence[CaptureCard], languages: Sequence[str]) -> bytes:
    """The PDF, made in a process that ends, because the typesetter remembers what it set.

    Raises `PaperRefused`, `PaperFailed`.
    """
    command = [sys.executable, "-P", "-m", "safeconduct.paper", *languages]
    written = msgspec.json.encode(content)
    patience = _PATIENCE + (0 if isinstance(content, msgspec.Struct) else _CARD_PATIENCE * len(content))
    try:  # our own module; the languages stand in our own list
        done = subprocess.run(command, input=written, capture_output=True, check=False, timeout=patience)  # noqa: S603
    except (subprocess.TimeoutExpired, OSError):
        raise PaperFailed from None
    if done.returncode == REFUSED:
        raise PaperRefused(int(done.stdout) if done.stdout.isdigit() else None)
    if done.returncode:
        raise PaperFailed
    return done.stdout


def answer(request: HttpRequest, paper: Print) -> HttpResponse:
    """The PDF, or the page that says which paper it is not, that nothing was lost, and how to go on."""
    try:
        made = printed(paper.form, paper.languages)
    except PaperRefused:
        return _not_printed(request, paper, "refused", 409)
    except PaperFailed:
        return _not_printed(request, paper, "failed", 503)
    return as_file(made, paper.name)


def as_file(made: bytes, name: str) -> HttpResponse:
    """Handed over to be printed, and kept by no browser."""
    response = HttpResponse(made, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


def languages_for(tag: str) -> list[str]:
    """The person's first where it can be printed, then the detaining Power's and the Agency's."""
    theirs = [tag] if tag in AVAILABLE else []
    return list(dict.fromkeys([*theirs, OURS, THEIRS]))[:3]


def _not_printed(request: HttpRequest, paper: Print, why: str, status: int) -> HttpResponse:
    context = {"title": TITLES[type(paper.form)], "back": paper.back, "why": why, "again": request.get_full_path()}
    return render(request, "custody/not_printed.html", context, status=status)
