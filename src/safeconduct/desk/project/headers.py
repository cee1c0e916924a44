# SPDX-License-Identifier: AGPL-3.0-or-later
"""Headers that every answer of the desk carries, whatever made it (T12)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

ALWAYS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), clipboard-read=(), display-capture=(), geolocation=(), microphone=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
WITH_MICROPHONE = ALWAYS["Permissions-Policy"].replace("microphone=()", "microphone=(self)")


class HeadersMiddleware:
    """Outermost, so that static files and error pages have them too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        for name, value in ALWAYS.items():
            response.headers[name] = value
        if getattr(response, "may_hear", False):  # the telephone's page, which sets it itself
            response.headers["Permissions-Policy"] = WITH_MICROPHONE
        return response
