# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where editors hear what a call says, beside the words: the same for everyone who calls, and of nobody."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from safeconduct.desk.cases import telling
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.dialogue.texts import AVAILABLE
from safeconduct.speech import wav
from safeconduct.speech.building import BY_A_SPEAKER, refused_recordings
from safeconduct.speech.espeak import VOICES
from safeconduct.speech.prompts import RATES, Prompts, hash_of
from safeconduct.speech.wording import parts
from safeconduct.vocabulary.languages import LANGUAGES

_PARTS: Mapping[str, str | Promise] = {
    "now": _("What to do right now"),
    "hotline": _("The menu, the queue, messages"),
    "treatment": _("How people are treated"),
    "answers": _("What came of it"),
    "signs": _("Numbers and letters"),
}
_RANGE = re.compile(r"bytes=([0-9]{1,9})-([0-9]{0,9})")


@dataclass(frozen=True, slots=True)
class Counted:
    """One language: how its sentences are spoken."""

    tag: str
    name: str
    by_speaker: int
    by_machine: int
    lacking: int

    @property
    def is_heard(self) -> bool:
        return bool(self.by_speaker or self.by_machine)


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence. `by` is "speaker", "machine" or nothing."""

    text: str
    text_hash: str
    by: str


@dataclass(frozen=True, slots=True)
class Part:
    """Sentences that are said in one place."""

    title: str | Promise
    lines: tuple[Line, ...]
    lacking: int


@require_safe
@may("prompts.hear")
def languages(request: DeskRequest) -> HttpResponse:
    """Every language, and how much of it a call can say."""
    counted = sorted((_counted(tag) for tag in AVAILABLE), key=lambda one: one.name)
    return render(request, "project/prompts.html", {"languages": counted})


@require_safe
@may("prompts.hear")
def language(request: DeskRequest, tag: str) -> HttpResponse:
    """Every sentence of a language with its sound."""
    if tag not in AVAILABLE:
        raise Http404
    shown = [_part(tag, name, texts) for name, texts in parts(tag).items()]
    context = {
        "tag": tag,
        "direction": LANGUAGES[tag].direction,
        "name": telling.language(tag),
        "counted": _counted(tag),
        "parts": shown,
        "refused": refused_recordings(settings.DESK.prompts, tag),
        "has_voice": tag in VOICES,
    }
    return render(request, "project/prompts_of.html", context)


@require_safe
@may("prompts.hear")
def sound(request: DeskRequest, tag: str, text_hash: str) -> HttpResponse:
    """One prompt as a telephone carries it; a stale, renamed or damaged one is not found here either."""
    found = _prompts().sound(text_hash, tag, rate=RATES[0]) if tag in AVAILABLE else None
    if found is None:
        raise Http404
    answer = _asked_for(request, wav.write(found))
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Accept-Ranges"] = "bytes"
    return answer


def _prompts() -> Prompts:
    return Prompts(settings.DESK.prompts)


def _counted(tag: str) -> Counted:
    made = [line.by for name, texts in parts(tag).items() for line in _part(tag, name, texts).lines]
    return Counted(tag, telling.language(tag), made.count("speaker"), made.count("machine"), made.count(""))


def _part(tag: str, name: str, texts: tuple[str, ...]) -> Part:
    lines = tuple(_line(tag, text) for text in dict.fromkeys(texts))
    return Part(_PARTS[name], lines, sum(not line.by for line in lines))


def _line(tag: str, text: str) -> Line:
    text_hash = hash_of(text)
    maker = _prompts().maker(text_hash, tag)
    if maker is None:
        return Line(text, text_hash, "")
    return Line(text, text_hash, "speaker" if maker.startswith(BY_A_SPEAKER) else "machine")


def _asked_for(request: HttpRequest, content: bytes) -> HttpResponse:
    """All of it, or the part that a player asks for when it jumps."""
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if not asked or int(asked[1]) >= len(content):
        return HttpResponse(content, content_type="audio/wav")
    first, last = int(asked[1]), min(int(asked[2] or len(content)), len(content) - 1)
    answer = HttpResponse(content[first : last + 1], content_type="audio/wav", status=206)
    answer.headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return answer
