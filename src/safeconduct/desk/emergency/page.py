# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page for the worst day, and for the drill before it."""

from collections.abc import Callable

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from safeconduct.desk.approvals.errors import AlreadyProposed, ApprovalsError, NoSuchProposal
from safeconduct.desk.emergency import access, acts
from safeconduct.desk.emergency.errors import DrillFailed, NotLocked
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest


@require_safe
@may("emergency.see")
def page(request: DeskRequest) -> HttpResponse:
    return _page(request)


@require_POST
@may("emergency.lock")
def lock(request: DeskRequest) -> HttpResponseBase:
    """Everybody, whoever presses it included. No question is asked: it is undone by two people in a minute."""
    if request.POST.get("drill"):
        try:
            return _page(request, counted=acts.drill_lock(request.keyring.operator))
        except DrillFailed:
            return _page(
                request,
                problem=_("The drill failed: the lock would have left a desk open. Tell your administrator now."),
            )
    acts.lock_everybody(request.keyring.operator)
    request.session.pop("seed", None)  # the session of this request would be saved again as it was read
    return redirect("operators:unlock")


@require_POST
@may("emergency.lift")
def propose_lift(request: DeskRequest) -> HttpResponseBase:
    return _decided(request, lambda: acts.propose_lift(request.keyring.operator))


@require_POST
@may("emergency.lift")
def lift(request: DeskRequest, pk: int) -> HttpResponseBase:
    return _decided(request, lambda: acts.lift(request.keyring.operator, pk))


@require_POST
@may("emergency.destroy")
def propose_destruction(request: DeskRequest) -> HttpResponseBase:
    is_drill = bool(request.POST.get("drill"))
    if not is_drill and request.POST.get("meant") != "yes":
        return _page(request, problem=_("Nothing was proposed: say that you mean it."))
    return _decided(request, lambda: acts.propose_destruction(request.keyring.operator, drill=is_drill))


@require_POST
@may("emergency.destroy")
def destroy(request: DeskRequest, pk: int) -> HttpResponseBase:
    """What is shown afterwards is shown once: the second person's own session is locked with all others."""
    actor, is_drill = request.keyring.operator, bool(request.POST.get("drill"))
    if not is_drill and request.POST.get("meant") != "yes":
        return _page(request, problem=_("Nothing was destroyed: say that you mean it."))
    try:
        outcomes = acts.drill_destruction(actor, pk) if is_drill else acts.destroy(actor, pk)
    except NoSuchProposal:
        raise Http404 from None
    except ApprovalsError:
        return _page(request, problem=_refused())
    if not is_drill:
        request.session.pop("seed", None)
    return render(request, "emergency/outcome.html", {"outcomes": outcomes, "is_drill": is_drill})


def _refused() -> str:
    return _(
        "That was not done. Another person has to approve it than who proposed it, within a day, and of the same keys."
    )


def _decided(request: DeskRequest, act: Callable[[], object]) -> HttpResponseBase:
    try:
        act()
    except NoSuchProposal:
        raise Http404 from None
    except NotLocked:
        return _page(request, problem=_("The desk is open already."))
    except AlreadyProposed:
        return _page(request, problem=_("A colleague has proposed it. You can approve it here."))
    except ApprovalsError:
        return _page(request, problem=_refused())
    return redirect("emergency:page")


def _page(request: DeskRequest, *, problem: str = "", counted: int | None = None) -> HttpResponse:
    state = access.state(request.keyring.operator)
    context = {"state": state, "problem": problem, "counted": counted}
    return render(request, "emergency/page.html", context, status=400 if problem else 200)
