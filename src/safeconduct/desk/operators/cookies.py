# SPDX-License-Identifier: AGPL-3.0-or-later
"""The second cookie, which carries the key of the sealed seed in the session."""

import base64
import binascii

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


def unlock_key(request: HttpRequest) -> bytes:
    """The key that the browser sent, or no bytes."""
    try:
        return base64.urlsafe_b64decode(request.COOKIES.get(settings.UNLOCK_COOKIE_NAME, ""))
    except (binascii.Error, ValueError):
        return b""


def give_unlock(response: HttpResponseBase, key: bytes) -> None:
    """Hand the key to the browser until it is closed."""
    value = base64.urlsafe_b64encode(key).decode()
    response.set_cookie(settings.UNLOCK_COOKIE_NAME, value, secure=True, httponly=True, samesite="Strict")


def drop_unlock(response: HttpResponseBase) -> None:
    response.set_cookie(settings.UNLOCK_COOKIE_NAME, "", max_age=0, secure=True, httponly=True, samesite="Strict")
