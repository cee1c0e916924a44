# SPDX-License-Identifier: AGPL-3.0-or-later
"""A refusal beside the field that it is about: `problem` is what `telling.refused` said."""

from django import template
from django.template import Context
from django.utils.html import format_html

register = template.Library()


@register.simple_tag(takes_context=True)
def mark(context: Context, *name: object) -> str:
    """Attributes of a field that was refused. A name may come in parts, such as a row's."""
    field = _field(name)
    if not _sentence(context, field):
        return ""
    return format_html(' aria-invalid="true" aria-errormessage="{}-refused"', field)


@register.simple_tag(takes_context=True)
def beside(context: Context, *name: object) -> str:
    """Why it was refused."""
    field = _field(name)
    sentence = _sentence(context, field)
    if not sentence:
        return ""
    return format_html('<p class="problem" id="{}-refused" role="alert">{}</p>', field, sentence)


def _field(name: tuple[object, ...]) -> str:
    return "".join(map(str, name))


def _sentence(context: Context, field: str) -> str:
    return str(getattr(context.get("problem"), "beside", {}).get(field, ""))
