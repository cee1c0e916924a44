# SPDX-License-Identifier: AGPL-3.0-or-later
"""R8: a person's file on request, as a rendering of our own. Nobody is shown a picture that they did not ask for."""

import re

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from safeconduct.desk.cases import file_looks
from safeconduct.desk.cases.case_page import hand_of
from safeconduct.desk.cases.errors import CaseGone
from safeconduct.desk.cases.file_rendering import Picture, Refused, Rendering, Voice
from safeconduct.desk.cases.file_words import SENTENCES
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest

_NAMES = {"picture": "picture.jpg", "voice": "voice.ogg"}  # never the person's own
_RANGE = re.compile(r"bytes=([0-9]{1,9})-([0-9]{0,9})")


@require_safe
@may("cases.file")
def file(request: DeskRequest, number: str, envelope: bytes) -> HttpResponse:
    """The picture, the player, or the sentence why there is none."""
    rendering = _look(request, number, envelope)
    told = {
        "number": number,
        "envelope": envelope,
        "rendering": rendering,
        "why": SENTENCES[rendering.reason] if isinstance(rendering, Refused) else "",
    }
    return render(request, "cases/file.html#shown" if request.htmx else "cases/file.html", told)


@require_safe
@may("cases.file")
def file_shown(request: DeskRequest, number: str, envelope: bytes) -> HttpResponse:
    """The rendering's bytes, for the page above alone."""
    rendering = _look(request, number, envelope)
    if isinstance(rendering, Refused):
        raise Http404
    answer = _part(request, rendering)
    answer.headers["Content-Disposition"] = f'inline; filename="{_NAMES[rendering.kind]}"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Accept-Ranges"] = "bytes"
    return answer


def _look(request: DeskRequest, number: str, envelope: bytes) -> Rendering:
    try:
        return file_looks.look(hand_of(request), number, envelope, settings.DESK.files)
    except CaseGone:
        raise Http404 from None


def _part(request: HttpRequest, rendering: Picture | Voice) -> HttpResponse:
    """All of it, or the part that a player asks for when it jumps."""
    content, asked = rendering.content, _RANGE.fullmatch(request.headers.get("Range", ""))
    if not asked or int(asked[1]) >= len(content):
        return HttpResponse(content, content_type=rendering.media_type)
    first, last = int(asked[1]), min(int(asked[2] or len(content)), len(content) - 1)
    answer = HttpResponse(content[first : last + 1], content_type=rendering.media_type, status=206)
    answer.headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return answer
