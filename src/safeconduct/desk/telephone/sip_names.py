# SPDX-License-Identifier: AGPL-3.0-or-later
"""From an operator's name to the address of their phone, and back."""

import re
from urllib.parse import quote, unquote

_USER = re.compile(r"sips?:([^@;>?\s]{1,400})@")


def uri(name: str, address: str) -> str:
    """What is entered as the operator's telephone, so that it rings in their browser."""
    return f"sip:{quote(name, safe='')}@{address}"


def name(header: str) -> str:
    """Whose phone a To header means; nothing when it names none."""
    called = _USER.search(header)
    return unquote(called[1]).casefold() if called else ""
