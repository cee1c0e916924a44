# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the sentence that was just put into a reply means, beside it."""

from django import template
from django.utils.translation import get_language

from safeconduct.desk.phrasebook import access
from safeconduct.desk.phrasebook.errors import UnknownPhrase

register = template.Library()


@register.simple_tag
def sense(phrase: str | None) -> str:
    """In the operator's own language; nothing for what is no sentence of the phrasebook."""
    try:
        return access.sense_of(phrase or "", get_language() or "")
    except UnknownPhrase:
        return ""
