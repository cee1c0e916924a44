# SPDX-License-Identifier: AGPL-3.0-or-later
"""Half characters in JSON: a broken phone writes them, a strict reader refuses all of the message for one of them (T8)."""

import re

_ESCAPES = re.compile(
    rb"\\\\"  # an escaped backslash: what follows it is no escape
    rb"|\\u[dD][89aAbB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # a whole character
    rb"|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"  # half of one
)
_HALF_SIZE = 6


def whole(written: bytes) -> bytes:
    """The same JSON with the sign for a broken character in place of each half."""
    if b"\\ud" not in written and b"\\uD" not in written:
        return written
    return _ESCAPES.sub(lambda found: b"\\ufffd" if len(found[0]) == _HALF_SIZE else found[0], written)
