# SPDX-License-Identifier: AGPL-3.0-or-later
"""The step through the door, once everything was proven: a fresh session, or the same one opened again."""

import time

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.urls import reverse

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.operators import cookies, guards, known_browser, lockdown, security_keys, sessions
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.sessions import Half
from safeconduct.desk.operators.signing_in import Proven
from safeconduct.sealing.keys import PrivateKey


def enter(request: HttpRequest, operator: Operator, private: PrivateKey) -> HttpResponseBase:
    """Begin this operator's session; their own locked one is opened where they were."""
    if lockdown.shuts_out(operator):
        request.session.flush()
        return render(request, "operators/locked_down.html", status=403)
    if request.session.get("operator") == operator.pk:
        request.session.cycle_key()
        key, act = sessions.unlock(request.session, operator, private), "operators.unlocked"
    else:
        key, act = sessions.begin(request.session, operator, private), "operators.signed_in"
    with transaction.atomic():
        audit.record(operator, act)
    rotate_token(request)
    response = HttpResponseRedirect(guards.safe_next(request), status=303)
    cookies.give_unlock(response, key)
    known_browser.remember(request, response, operator.name, int(time.time()))
    return response


def enter_half(request: HttpRequest, proven: Proven) -> HttpResponseBase:
    """The passphrase fits; on to the page that asks for the security key."""
    half = Half(proven.operator, security_keys.challenge(), proven.lane)
    key = sessions.begin_half(request.session, half, proven.keys.private)
    address = f"{reverse('operators:touch')}?{guards.next_query(request)}".rstrip("?")
    response = HttpResponseRedirect(address, status=303)
    cookies.give_unlock(response, key)
    return response
