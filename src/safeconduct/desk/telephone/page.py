# SPDX-License-Identifier: AGPL-3.0-or-later
"""The telephone's page and what its script asks. Every request names the signed-in operator's own phone, and no other (T6)."""

import threading
import time
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.cases import telling
from safeconduct.desk.cases.models import Case
from safeconduct.desk.operators import duty, sessions
from safeconduct.desk.operators.guards import may, polling
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.telephone import asking, audited, sip_names
from safeconduct.desk.telephone.errors import BadSetting, Down, Refusal
from safeconduct.desk.telephone.messages import Accepted, Answer, HangUp, Hold, Look, Picture, Press, Request
from safeconduct.desk.telephone.settings import read, sip_address, socket_in
from safeconduct.vocabulary.languages import LANGUAGES

# How long a look may be held, so that ringing needs no timer of the page: browsers let the timers of a tab that is not
# seen run once a minute. Shorter in a call, because a look is also when a locked desk ends it.
HELD_SECONDS, HELD_IN_CALL_SECONDS = 8.0, 3.0
DOWN_SECONDS = 1.0
_DOWN = {"state": "down", "version": -1}
_LONGEST_OFFER = 32 * 1024

P = ParamSpec("P")


@require_safe
@may("telephone.use")
def phone(request: DeskRequest) -> HttpResponse:
    """The telephone, to be left open in a tab of its own."""
    address = address_of(request.keyring.operator)
    card = duty.card_of(request.keyring)
    context = {
        "address": address,
        "rings_here": bool(address) and card is not None and card.phone == address,
        "number": duty.number_of(request.keyring.operator),
    }
    response = render(request, "telephone/phone.html", context)
    response.may_hear = True  # type: ignore[attr-defined]  # read by HeadersMiddleware: no other page may use a microphone
    return response


@require_safe
@polling
@may("telephone.use")
def state(request: DeskRequest) -> HttpResponse:
    """What is with my phone? Held until something changes. 200 even when nobody answers: the page says so in words."""
    known, in_call = request.GET.get("known", ""), request.GET.get("in_call") == "yes"
    longest = HELD_IN_CALL_SECONDS if in_call else HELD_SECONDS
    held = _holds().acquire(blocking=False)
    try:
        wait = longest if held else 0.0
        seen = int(known) if known.isascii() and known.isdigit() and len(known) < 12 else -1  # noqa: PLR2004
        picture = asking.picture(_socket(), Look(_own(request), seen, wait))
    except Down:
        time.sleep(DOWN_SECONDS if held else 0)
        return JsonResponse(_DOWN | {"left": sessions.seconds_left(request.session), "held": held})
    finally:
        if held:
            _holds().release()
    return JsonResponse(_shown(request, picture) | {"held": held})


@require_safe
@polling
@may("telephone.use")
def colleagues(request: DeskRequest) -> HttpResponse:
    """Who else can be brought into a call, and by which number: those on duty whose telephone rings."""
    own = request.keyring.operator.pk
    others = [one for one in duty.on_duty() if one.rings and one.operator.pk != own]
    return JsonResponse(
        {"colleagues": [{"number": duty.number_of(one.operator), "name": _named(one)} for one in others]}
    )


def _named(one: duty.OnDuty) -> str:
    return f"{one.operator.name}: {', '.join(map(telling.language, one.languages))}"


def calling(
    view: Callable[Concatenate[DeskRequest, str, P], HttpResponse],
) -> Callable[Concatenate[DeskRequest, P], HttpResponseBase]:
    """An act on the call that the page names. A call that is not at this operator's phone does not exist."""

    @wraps(view)
    def asked(request: DeskRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, request.POST.get("call", ""), *args, **kwargs)
        except Refusal as refusal:
            if refusal.why == "unknown call":
                raise Http404 from refusal
            return JsonResponse({"refused": refusal.why}, status=400)
        except Down:
            return JsonResponse({"refused": "down"}, status=400)

    return asked  # type: ignore[return-value]  # wraps() says what it wrapped, not what it is now


@require_POST
@may("telephone.use")
@calling
def answer(request: DeskRequest, call: str) -> HttpResponse:
    offer = request.POST.get("offer", "")
    if not 0 < len(offer) <= _LONGEST_OFFER:
        raise Refusal("bad offer")
    picture = _ask(Look(_own(request)))
    if picture.call != call:
        raise Refusal("unknown call")
    if picture.state != "ringing":
        raise Refusal("too late")
    with transaction.atomic():  # first: nobody talks to a person of whom the record does not tell (R49)
        audit.record(request.keyring.operator, audited.ANSWERED, _number(picture))
    accepted = asking.ask(_socket(), Answer(_own(request), call, offer))
    if not isinstance(accepted, Accepted):
        raise Down("the softphone answers something else")
    return JsonResponse({"answer": accepted.answer})


@require_POST
@may("telephone.use")
@calling
def hang_up(request: DeskRequest, call: str) -> HttpResponse:
    return _then(request, HangUp(_own(request), call))


@require_POST
@may("telephone.use")
@calling
def hold(request: DeskRequest, call: str) -> HttpResponse:
    return _then(request, Hold(_own(request), call, request.POST.get("on") == "yes"))


@require_POST
@may("telephone.use")
@calling
def press(request: DeskRequest, call: str) -> HttpResponse:
    keys = request.POST.get("keys", "")  # the process parses it strictly
    return _then(request, Press(_own(request), call, keys))


def _then(request: DeskRequest, act: Request) -> HttpResponse:
    return JsonResponse(_shown(request, _ask(act)))


def _ask(act: Request) -> Picture:
    return asking.picture(_socket(), act)


def _shown(request: DeskRequest, picture: Picture) -> dict[str, Any]:
    """The picture in the words of the desk."""
    number = _number(picture)
    return {
        "version": picture.version,
        "state": picture.state,
        "call": picture.call,
        "before": picture.before,
        "language": telling.language(picture.language) if picture.language in LANGUAGES else "",
        "waited": picture.waited,
        "lasts": picture.lasts,
        "case": reverse("cases:case", args=[number]) if number else "",
        "number": number,
        "left": sessions.seconds_left(request.session),
        "on_duty": duty.shift_of(request.keyring.operator) is not None,
    }


def _number(picture: Picture) -> str:
    """The case of the conversation that the voice channel named, while it exists."""
    if not picture.conversation:
        return ""
    found = Case.objects.filter(conversation=bytes.fromhex(picture.conversation)).values_list("number", flat=True)
    return found.first() or ""


def _own(request: DeskRequest) -> str:
    return sip_names.phone(request.keyring.operator.name)


def _socket() -> Any:
    return socket_in(settings.DESK.home)


def address_of(operator: Operator) -> str:
    """What they enter under Duty so that calls ring in their browser; nothing when the settings cannot be read."""
    try:
        return sip_names.uri(operator.name, sip_address(read()))
    except BadSetting:
        return ""


@lru_cache(maxsize=1)
def _holds() -> threading.BoundedSemaphore:
    """Half of the desk's threads at most stand waiting with a look; further pages ask again by themselves."""
    return threading.BoundedSemaphore(settings.DESK.threads // 2)
