# SPDX-License-Identifier: AGPL-3.0-or-later
"""One case: reading it, answering, noting, moving it on. Every page of it that is shown is a recorded reading."""

import contextlib
import functools
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from safeconduct.desk.cases import access, acts, forms, keys, needs
from safeconduct.desk.cases.access import Reading
from safeconduct.desk.cases.errors import CaseGone, Crossed, HeldByOthers, NoMailbox, ReplyRefused, TransitionRefused
from safeconduct.desk.cases.forms import SeenForm, StatusForm, WritingForm
from safeconduct.desk.cases.states import CaseState, Move
from safeconduct.desk.cases.writing import Hand, Writing
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.guards import may, polling
from safeconduct.desk.operators.index_key import index_key
from safeconduct.desk.operators.keyring import DeskRequest, keyring_of
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.applications import Kind
from safeconduct.vocabulary.records import TEXT_MAX

Answered = Callable[[HttpRequest, str], HttpResponseBase]
HandedView = Callable[[DeskRequest, Hand, str], HttpResponseBase]


def hand_of(request: DeskRequest) -> Hand:
    """The operator at work in this request."""
    keyring = request.keyring
    team = keyring.operator.plays.team or ""
    newest, *older = keyring.team_privates(team)
    searched = functools.partial(index_key, keyring, team)
    return Hand(keyring.operator, keyring.private, newest, keys.of_this_desk(), tuple(older), searched)


def with_hand(view: HandedView) -> Callable[[DeskRequest, str], HttpResponseBase]:
    """Give the view the operator's opened keys. A case that is not there, or no longer, is no page."""

    @functools.wraps(view)
    def handed(request: DeskRequest, number: str) -> HttpResponseBase:
        try:
            return view(request, hand_of(request), number)
        except CaseGone:
            raise Http404 from None

    return handed


def keeps(box: str) -> Callable[[Answered], Answered]:
    """A text that is posted to a locked desk is kept for its operator before they are sent to the lock."""

    def keeping(view: Answered) -> Answered:
        @functools.wraps(view)
        def kept(request: HttpRequest, number: str) -> HttpResponseBase:
            keyring = keyring_of(request)
            if keyring and keyring.is_locked and roles.may(keyring.operator.plays, f"cases.{box}"):
                with contextlib.suppress(CaseGone):
                    _keep(keyring.operator, number, box, request)
            return view(request, number)

        return kept

    return keeping


@require_safe
@may("cases.open")
@with_hand
def case(request: DeskRequest, hand: Hand, number: str) -> HttpResponse:
    """The newest page of it, or an older one."""
    asked = request.GET
    before, since = (forms.row_of(asked.get(name, "")) for name in ("before", "from"))
    return _page(request, hand, number, before=before, since=since)


@require_POST
@keeps("reply")
@may("cases.reply")
@with_hand
def reply(request: DeskRequest, hand: Hand, number: str) -> HttpResponseBase:
    """Answer the person."""
    return _write(request, hand, number, "reply", acts.reply)


@require_POST
@keeps("note")
@may("cases.note")
@with_hand
def note(request: DeskRequest, hand: Hand, number: str) -> HttpResponseBase:
    """Tell colleagues."""
    return _write(request, hand, number, "note", acts.note)


@require_POST
@keeps("reply")
@may("cases.reply")
def draft_reply(request: DeskRequest, number: str) -> HttpResponseBase:
    return _drafted(request, number, "reply")


@require_POST
@keeps("note")
@may("cases.note")
def draft_note(request: DeskRequest, number: str) -> HttpResponseBase:
    return _drafted(request, number, "note")


@require_POST
@may("cases.status")
@with_hand
def status(request: DeskRequest, hand: Hand, number: str) -> HttpResponseBase:
    """Move the case on."""
    form = StatusForm(request.POST)
    if not form.is_valid():
        return _page(request, hand, number, problem=_("That button is not of this page. Try it again."), status=400)
    try:
        _move(hand, number, Move(form.cleaned_data["move"]), form.cleaned_data["seen"])
    except Crossed:
        return _page(request, hand, number, problem=_("Something came meanwhile. Read it first."), status=409)
    except (TransitionRefused, HeldByOthers):
        return _page(request, hand, number, problem=_("A colleague has moved this case on meanwhile."), status=409)
    return _back(number)


@require_safe
@polling
@may("cases.open")
def news(request: DeskRequest, number: str) -> HttpResponseBase:
    """Asked by an open page. Says that something came, never what it says: opening is an act of its own."""
    asked = SeenForm(request.GET)
    seen = asked.cleaned_data["seen"] if asked.is_valid() else 0
    try:
        kind = access.kind_of_news_since(request.keyring.operator, number, seen)
    except CaseGone:
        gone = HttpResponse(status=204)
        gone.headers["HX-Redirect"] = f"{reverse('cases:queue')}?erased={number}"
        return gone
    if not kind:
        return HttpResponse(status=204)
    told = {"number": number, "seen": seen, "has_news": True, "is_trouble": kind == Kind.TROUBLE.value}
    return render(request, "cases/case.html#news", told)


def _write(
    request: DeskRequest, hand: Hand, number: str, which: str, act: Callable[[Hand, str, Writing], None]
) -> HttpResponseBase:
    form = WritingForm(request.POST)
    if not form.is_valid():
        return _shown_again(request, hand, number, which, form, status=400)
    try:
        act(hand, number, form.written())
    except NoMailbox:
        form.add_error("text", _("Nothing readable says where an answer to this person could be sealed to."))
    except ReplyRefused:
        form.add_error(
            "text",
            _("The words of a handover and its place never go in one message. Take the words out: they have a page."),
        )
    except HeldByOthers:
        form.add_error("text", _("The handover cell has this case now and answers it. Nothing was sent."))
    except TransitionRefused as refused:
        form.add_error("text", _moved_on(refused))
    if form.errors:
        return _shown_again(request, hand, number, which, form, status=409)
    return _back(number, page="together" if "together" in request.POST else "case")


def _shown_again(  # noqa: PLR0913 - what a refused form is, by name
    request: DeskRequest, hand: Hand, number: str, which: str, form: WritingForm, *, status: int
) -> HttpResponse:
    """With everything that was typed, which is kept as a draft too, and with what came since the form was made."""
    _keep(hand.operator, number, which, request)
    since = form.cleaned_data.get("seen", 0)
    return _page(request, hand, number, forms_shown={which: form}, status=status, since=since)


def _moved_on(refused: TransitionRefused) -> str:
    if refused.state == CaseState.CLOSED.value:
        return _(
            "Nothing was sent: a colleague has closed this case meanwhile. Read what is new above. If it should be sent all the "
            "same, press once more: the case opens again with it."
        )
    return _(
        "Nothing was sent yet: the person wrote meanwhile, and a colleague has dealt with it. Read what is new above, change "
        "your text if need be, and press once more."
    )


def _page(  # noqa: PLR0913 - what can be wrong with a page, by name
    request: DeskRequest,
    hand: Hand,
    number: str,
    *,
    forms_shown: dict[str, WritingForm] | None = None,
    problem: str = "",
    status: int = 200,
    before: int = 0,
    since: int = 0,
) -> HttpResponse:
    reading = access.read(hand, number, before=before)
    seen = reading.opened.last_seen
    for form in (forms_shown or {}).values():
        form.shown_again(seen)
    writing = {which: forms.fresh(reading.drafts.get(which, ""), seen) for which in ("reply", "note")}
    context = {
        "reading": reading,
        "case": reading.case,
        "number": number,
        "seen": seen,
        "problem": problem,
        "first_new": _first_after(reading, since) if since else 0,
        "limit": TEXT_MAX,
        "need": needs.told(hand, reading.case),
        **(writing | (forms_shown or {})),
    }
    return render(request, "cases/case.html", context, status=status)


def _first_after(reading: Reading, row: int) -> int:
    """The first line of the page that came after this one; 0 without any."""
    return min((one.item.stored.pk for one in reading.talk if one.item.stored.pk > row), default=0)


def _move(hand: Hand, number: str, move: Move, seen: int) -> None:
    if move is Move.RETURN:
        acts.put_back(hand, number)
        return
    rest = acts.settle if move is Move.SETTLE else acts.close
    rest(hand, number, seen=seen)


def _drafted(request: DeskRequest, number: str, box: str) -> HttpResponseBase:
    try:
        _keep(request.keyring.operator, number, box, request)
    except CaseGone:
        raise Http404 from None
    return HttpResponse(_("Kept as a draft"))


def _keep(operator: Operator, number: str, box: str, request: HttpRequest) -> None:
    said = request.POST
    written = Writing(said.get("text", "").replace("\r\n", "\n"), seen=0, form=said.get("form", ""))
    acts.keep_draft(operator, number, written, box=box, keys=keys.of_this_desk())


def _back(number: str, *, page: str = "case") -> HttpResponseRedirect:
    response = HttpResponseRedirect(f"{reverse(f'cases:{page}', args=[number])}#end")
    response.status_code = 303
    return response
