# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the browser prefers: a language and an encoding (RFC 9110, 12.5). Nothing of it is kept."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

_HEADER_MAX = 500  # characters looked at; a longer list of wishes is somebody playing


@lru_cache(maxsize=512)
def reads_gzip(accept_encoding: bytes) -> bool:
    """Whether a gzip body may be sent."""
    weights = dict(_weighted(accept_encoding))
    return weights.get("gzip", weights.get("*", 0.0)) > 0


@lru_cache(maxsize=512)
def best_language(accept_language: bytes, tags: Sequence[str]) -> str | None:
    """The tag that fits best: the same tag, or else the same language in another region or script."""
    for wish, _ in sorted(_weighted(accept_language), key=lambda wish: -wish[1]):
        for tag in tags:
            if tag.casefold() == wish:
                return tag
        for tag in tags:
            if tag.casefold().partition("-")[0] == wish.partition("-")[0]:
                return tag
    return None


def _weighted(header: bytes) -> Iterator[tuple[str, float]]:
    for item in header[:_HEADER_MAX].decode("latin-1").casefold().split(","):
        name, _, parameter = item.partition(";")
        key, _, value = parameter.partition("=")
        weight = _weight(value) if key.strip() == "q" else 1.0
        if name.strip() and weight > 0:
            yield name.strip(), weight


def _weight(text: str) -> float:
    try:
        return min(float(text), 1.0)
    except ValueError:
        return 0.0
