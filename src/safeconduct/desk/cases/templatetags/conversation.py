# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from safeconduct.desk.cases import display, telling
from safeconduct.desk.cases.states import CaseState, Move
from safeconduct.vocabulary.applications import Urgency

register = template.Library()

_TONES = {Urgency.NOW: "now", Urgency.SOON: "soon", Urgency.LATER: "later"}


@register.simple_tag
def shown(text: str) -> SafeString:
    """A person's words with every hidden character marked (T8). `data-raw` holds what stands behind a mark."""
    return format_html_join("", "{}", ((_piece(one),) for one in display.pieces(text)))


@register.filter
def is_plain(text: str) -> bool:
    return display.is_plain(text)


@register.filter
def exact(text: str) -> str:
    return display.exact(text)


@register.filter
def waited(since: datetime) -> str:
    return telling.waited(since, timezone.now())


@register.filter
def language(tag: str) -> str:
    return telling.language(tag)


@register.filter
def channel(code: str) -> str:
    return telling.channel(code)


@register.filter
def writes(code: str) -> str:
    return telling.writes(code)


@register.filter
def kind(code: str) -> str:
    return str(telling.KINDS.get(code, code))


@register.filter
def state(code: str) -> str:
    return str(telling.STATES[CaseState(code)])


@register.filter
def move(one: Move) -> str:
    return str(telling.MOVES[one])


@register.simple_tag
def urgency(step: int) -> SafeString:
    """The badge that an eye finds first."""
    known = Urgency(step)
    return format_html('<span class="badge {}">{}</span>', _TONES[known], telling.URGENCIES[known])


def _piece(piece: display.Piece) -> SafeString | str:
    if not piece.mark:
        return piece.raw
    marked = '<span class="mark" dir="ltr" data-raw="{}" title="{}">{}</span>'
    return format_html(marked, piece.points, piece.name, piece.mark)
