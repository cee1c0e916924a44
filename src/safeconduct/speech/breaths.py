# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pauses for a text in sounds: espeak-ng cuts a clause of 800 bytes anywhere, and takes a cut sound for letters."""

from collections.abc import Iterator

_AT_ONE_BREATH = 400  # bytes
_PAUSES = tuple(".,!?;:…")


def with_breaths(text: str) -> str:
    """The same text with a pause wherever a clause would be too long."""
    return " ".join(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    breath = 0
    for piece in text.split():
        size = len(piece.encode("utf-8", "replace")) + 1
        breath += size
        if breath > _AT_ONE_BREATH:
            breath = size
            yield ","
        if piece.endswith(_PAUSES):
            breath = 0
        yield piece
