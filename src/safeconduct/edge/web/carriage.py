# SPDX-License-Identifier: AGPL-3.0-or-later
"""Texts on their way through a page and back, letter by letter: what HTML cannot carry travels in base64 beside it."""

import base64
import binascii
from collections.abc import Mapping

from markupsafe import escape

from safeconduct.edge.errors import Refused
from safeconduct.edge.web.pages import UNCARRIED, visible
from safeconduct.vocabulary.records import TEXT_MAX

_CODED = ".b64"  # after the name of a text that HTML cannot carry as it is


def hidden(values: Mapping[str, str]) -> list[tuple[str, str]]:
    """Hidden fields that come back as these values, NUL included."""
    return [_coded(name, value) if UNCARRIED.search(value) else (name, value) for name, value in values.items()]


def inputs(values: Mapping[str, str]) -> str:
    """The same as HTML, for a page that is made once and filled in often."""
    return "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in hidden(values)
    )


def beside(shown: Mapping[str, str]) -> list[tuple[str, str]]:
    """Hidden fields beside visible ones: what a person does not change comes back as it was, not as it was shown.

    What is longer than any message must be changed anyway, and a copy of it would leave no room for the change.
    """
    return [_coded(name, text) for name, text in shown.items() if UNCARRIED.search(text) and len(text) <= TEXT_MAX]


def carried(form: Mapping[str, str]) -> dict[str, str]:
    """What the fields mean. What a person changed in a visible field wins. Raises `Refused` ("unreadable")."""
    plain = {name: value for name, value in form.items() if not name.endswith(_CODED)}
    for coded in form.keys() - plain.keys():
        name, value = coded.removesuffix(_CODED), _decoded(form[coded])
        if plain.get(name, visible(value)) == visible(value):
            plain[name] = value
    return plain


def _coded(name: str, value: str) -> tuple[str, str]:
    return name + _CODED, base64.urlsafe_b64encode(value.encode()).decode()


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):  # UnicodeDecodeError is one
        raise Refused("unreadable") from None
