# SPDX-License-Identifier: AGPL-3.0-or-later
"""T3's search: every file of a line, for planted bytes in every disguise that a store might give them."""

import base64
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

from tests.stored import stored_under


def disguises(plain: bytes) -> set[bytes]:
    """The bytes as they are, in hex, percent-encoded and in base64 at each of its three alignments."""
    forms = {
        plain,
        plain.hex().encode(),
        plain.hex().upper().encode(),
        quote(plain).encode(),
        quote_plus(plain).encode(),
    }
    for skipped in range(3):
        # Cut to whole groups: what stands before or after in a longer base64 text must not matter.
        inner = plain[skipped : skipped + (len(plain) - skipped) // 3 * 3]
        forms |= {base64.b64encode(inner), base64.urlsafe_b64encode(inner)}
    return forms


def text_disguises(text: str) -> set[bytes]:
    """The same for a text, in UTF-8 and UTF-16, and as JSON would escape it."""
    escaped = text.encode("ascii", "backslashreplace")
    forms = {escaped} | disguises(text.encode("utf-16-le")) | disguises(text.encode("utf-16-be"))
    return forms | disguises(text.encode())


def found(folders: Iterable[Path], needles: dict[str, set[bytes]]) -> Iterator[str]:
    """Where any disguise of any needle stands: `name in file`."""
    for path, content in stored_under(*folders).items():
        for name, forms in needles.items():
            if any(form in content for form in forms):
                yield f"{name} in {path.name}"
