# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where editors read the wordings of a language, propose others, and approve what a colleague proposed (R12)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safeconduct.desk.approvals import errors as refusals
from safeconduct.desk.approvals.errors import ApprovalsError
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.phrasebook import access, acts, book, filling
from safeconduct.desk.phrasebook.access import Wording
from safeconduct.desk.phrasebook.book import Forms
from safeconduct.desk.phrasebook.errors import DraftGone, UnknownPhrase, WordingRefused
from safeconduct.desk.phrasebook.models import Draft
from safeconduct.vocabulary.languages import LANGUAGES, Language

_REFUSALS: Mapping[type[ApprovalsError], str | Promise] = {
    refusals.SamePerson: _("You proposed this yourself. Another editor has to read and approve it."),
    refusals.AlreadyProposed: _("A colleague has proposed just this. You can read and approve it."),
    refusals.ContentChanged: _("It has changed since you read it. Read it again."),
    refusals.Lapsed: _("It was left for too long. Propose it anew."),
}
_DECIDED = _("Somebody has decided this in the meantime.")


@dataclass(frozen=True, slots=True)
class Standing:
    """One language: how much of it two people have approved."""

    language: Language
    approved: int
    count: int
    drafts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence beside its sense."""

    wording: Wording
    sense: Forms

    @property
    def lengths(self) -> list[filling.Length]:
        return [filling.length_of(form) for form in self.wording.forms]


@require_safe
@may("phrasebook.write")
def languages(request: DeskRequest) -> HttpResponse:
    """Every language, and what waits in it."""
    drafts = tuple(one.subject for one in acts.all_waiting())
    shown = [_standing(language, drafts) for language in LANGUAGES.values()]
    return render(request, "phrasebook/languages.html", {"languages": shown})


@require_safe
@may("phrasebook.write")
def language(request: DeskRequest, tag: str) -> HttpResponse:
    """Every wording of one language."""
    return _language_page(request, tag)


@require_POST
@may("phrasebook.write")
def propose_language(request: DeskRequest, tag: str) -> HttpResponseBase:
    """All that nobody has approved, as it stands."""
    try:
        draft = acts.propose_language(request.keyring.operator, tag)
    except UnknownPhrase:
        raise Http404 from None
    except ApprovalsError as error:
        return _language_page(request, tag, problem=_problem(error))
    return _to_draft(draft)


@require_http_methods(["GET", "HEAD", "POST"])
@may("phrasebook.write")
def wording(request: DeskRequest, tag: str, phrase: str) -> HttpResponseBase:
    """One sentence: its sense, its wording, and a form for another one."""
    try:
        found = access.wording(phrase, tag)
    except UnknownPhrase:
        raise Http404 from None
    if request.method != "POST":
        return _wording_page(request, found, found.forms)
    forms = tuple(one.strip().replace("\r\n", "\n") for one in request.POST.getlist("form")[:6])
    if found.phrase.is_the_lines_own:
        forms = found.forms
    try:
        draft = acts.propose(request.keyring.operator, tag, phrase, forms)
    except WordingRefused as refused:
        return _wording_page(request, found, forms, refused.reasons)
    except ApprovalsError as error:
        return _wording_page(request, found, forms, (_problem(error),))
    return _to_draft(draft)


@require_safe
@may("phrasebook.approve")
def draft(request: DeskRequest, subject: str) -> HttpResponse:
    """What somebody proposed, sentence by sentence beside its sense."""
    return _draft_page(request, subject)


@require_POST
@may("phrasebook.approve")
def approve(request: DeskRequest, subject: str) -> HttpResponseBase:
    """Put it into use."""
    try:
        acts.approve(request.keyring.operator, subject, request.POST.get("seen", ""))
    except DraftGone:
        raise Http404 from None
    except ApprovalsError as error:
        return _draft_page(request, subject, problem=_problem(error))
    return HttpResponseRedirect(
        f"{reverse('phrasebook:language', args=[subject.split('/', maxsplit=1)[0]])}?approved=1", status=303
    )


def _standing(one: Language, drafts: tuple[str, ...]) -> Standing:
    found = access.wordings(one.tag).values()
    own = tuple(subject for subject in drafts if subject.split("/")[0] == one.tag)
    return Standing(one, sum(each.is_approved for each in found), len(found), own)


def _language_page(request: DeskRequest, tag: str, *, problem: str | Promise = "") -> HttpResponse:
    if tag not in LANGUAGES:
        raise Http404
    lines = [Line(one, book.sense(one.phrase.id)) for one in access.wordings(tag).values()]
    context = {
        "language": LANGUAGES[tag],
        "lines": lines,
        "waits": sum(not line.wording.is_approved for line in lines),
        "drafts": [one for one in acts.all_waiting() if one.subject.split("/")[0] == tag],
        "problem": problem,
    }
    return render(request, "phrasebook/language.html", context, status=409 if problem else 200)


def _wording_page(
    request: DeskRequest, found: Wording, forms: Forms, problems: tuple[str | Promise, ...] = ()
) -> HttpResponse:
    count = book.rule(found.tag).forms if found.phrase.has_number else 1
    context = {
        "wording": found,
        "language": LANGUAGES[found.tag],
        "sense": book.sense(found.phrase.id),
        "forms": (*forms, *[""] * (count - len(forms)))[:count],
        "lengths": [filling.length_of(form) for form in found.forms],
        "problems": problems,
        "needs": [f"{{{name}}}" for name in found.phrase.needs],
    }
    return render(request, "phrasebook/wording.html", context, status=400 if problems else 200)


def _draft_page(request: DeskRequest, subject: str, *, problem: str | Promise = "") -> HttpResponse:
    try:
        found, proposal = acts.waiting(subject)
    except DraftGone:
        raise Http404 from None
    said = acts.read(found)
    context = {
        "subject": subject,
        "language": LANGUAGES[said.tag],
        "lines": [
            (book.sense(name), forms)
            for name, (forms, _hash) in acts.outstanding(found).items()
            if name in book.phrases()
        ],
        "seen": acts.digest_of(bytes(found.content)),
        "proposal": proposal,
        "is_yours": proposal.proposed_by_id == request.keyring.operator.pk,
        "problem": problem,
    }
    return render(request, "phrasebook/draft.html", context, status=409 if problem else 200)


def _problem(error: ApprovalsError) -> str | Promise:
    return _REFUSALS.get(type(error), _DECIDED)


def _to_draft(found: Draft) -> HttpResponse:
    return redirect("phrasebook:draft", subject=found.subject)
