# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the browser prefers: a language and an encoding (RFC 9110, 12.5). Nothing of it is kept."""

from collections.abc import Iterator, Sequence

_HEADER_MAX = 500  # characters looked at; a longer list of wishes is somebody playing


def reads_gzip(accept_encoding: bytes) -> bool:
    """Whether a gzip body may be sent. What is named with weight 0 is refused, whatever a star beside it says."""
    weights = dict(_weighted(accept_encoding))
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def best_language(accept_language: bytes, tags: Sequence[str]) -> str | None:
    """The tag that fits best: the same tag, or else the same language in another region or script."""
    wishes = [wish for wish in _weighted(accept_language) if wish[1] > 0]
    for wish, _ in sorted(wishes, key=lambda wish: -wish[1]):
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
        if name.strip():
            yield name.strip(), weight


def _weight(text: str) -> float:
    try:
        return min(float(text), 1.0)
    except ValueError:
        return 0.0
