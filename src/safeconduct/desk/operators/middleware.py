# SPDX-License-Identifier: AGPL-3.0-or-later
"""Puts the keyring on the request, and locks what has been idle."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from safeconduct.desk.operators import cookies, guards, lockdown, sessions
from safeconduct.desk.operators.errors import Locked, NotAdmitted
from safeconduct.desk.operators.keyring import keyring_of


class OperatorMiddleware:
    """`request.keyring` is None without a session; locked or open with one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.keyring = None  # type: ignore[attr-defined]  # DeskRequest declares it for views
        if "operator" in request.session:
            self._resume(request)
        response = self._get_response(request)
        if settings.UNLOCK_COOKIE_NAME in request.COOKIES and not {"seed", "half"} & set(request.session.keys()):
            cookies.drop_unlock(response)
        return response

    def _resume(self, request: HttpRequest) -> None:
        operator = sessions.operator_of(request.session)
        if operator is None:
            request.session.flush()
            return
        keyring = sessions.keyring_of(request.session, operator, cookies.unlock_key(request))
        request.keyring = keyring  # type: ignore[attr-defined]

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: object) -> HttpResponseBase | None:
        """Only a person's own act starts the idle time anew; a page that asks by itself does not."""
        keyring = keyring_of(request)
        if (
            keyring is not None
            and not keyring.is_locked
            and lockdown.bars(keyring.operator, getattr(view, "act", None))
        ):
            return guards.shut(request, keyring.operator)
        asks_by_itself = getattr(view, "polls", False) and "HX-Request" in request.headers
        if keyring is not None and not keyring.is_locked and not asks_by_itself:
            sessions.touch(request.session)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        if isinstance(error, Locked):
            return guards.to_unlock(request)
        if isinstance(error, NotAdmitted):
            return render(request, "operators/not_admitted.html", status=403)
        return None
