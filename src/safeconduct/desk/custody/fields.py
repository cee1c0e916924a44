# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person typed into a field, as every room of custody takes it.

Dropped is what no keyboard types: a NUL, which PostgreSQL refuses, and the controls of direction that would show a name backwards (T8).
"""

from collections.abc import Mapping

# Embeddings, overrides and isolates (UAX #9). The marks that scripts need, and the joiners of Persian and Hindi, stay.
_UNTYPED = dict.fromkeys([0, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])

Said = Mapping[str, str]  # what a form sent; the last value of each name


def line(said: Said, name: str, most: int) -> str:
    """One line, with single spaces, cut to what the field holds."""
    return " ".join(_plain(said, name).split())[:most]


def lines(said: Said, name: str, most: int) -> list[str]:
    """Every line on which something stands, each as `line` takes it."""
    told = (" ".join(one.split())[:most] for one in _plain(said, name).splitlines())
    return [one for one in told if one]


def text(said: Said, name: str) -> str:
    """Words with their lines, whole: who must not cut them says so when they are too long."""
    return _plain(said, name).replace("\r\n", "\n").strip()


def _plain(said: Said, name: str) -> str:
    return said.get(name, "").translate(_UNTYPED)
