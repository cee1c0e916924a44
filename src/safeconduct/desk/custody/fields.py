# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person typed into a field, as every room of custody takes it: whole, or not at all.

Dropped is what no keyboard types: a NUL, which PostgreSQL refuses, and the controls of direction that would show a name backwards (T8).
A browser that was told how much a field holds sends no more; who goes round it must not lose half an answer unseen.
"""

from collections.abc import Mapping

from safeconduct.desk.custody.errors import DoesNotFit, Holds

# Embeddings, overrides and isolates (UAX #9). The marks that scripts need, and the joiners of Persian and Hindi, stay.
_UNTYPED = dict.fromkeys([0, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])

Said = Mapping[str, str]  # what a form sent; the last value of each name


def line(said: Said, name: str, most: int) -> str:
    """One line, with single spaces. Raises `DoesNotFit`."""
    told = whole_line(said, name)
    if len(told) > most:
        raise DoesNotFit(name, Holds(most))
    return told


def lines(said: Said, name: str, most: int, count: int) -> list[str]:
    """Every line on which something stands, each as `line` takes it, and no more than `count` of them. Raises `DoesNotFit`."""
    told = whole_lines(said, name)
    if len(told) > count or any(len(one) > most for one in told):
        raise DoesNotFit(name, Holds(most, count))
    return told


def text(said: Said, name: str, most: int, refusal: type[DoesNotFit] = DoesNotFit) -> str:
    """Words with their lines. Raises `refusal`."""
    told = whole_text(said, name)
    if len(told) > most:
        raise refusal(name, Holds(most))
    return told


def whole_line(said: Said, name: str) -> str:
    """Of any length: to be shown again, or for who refuses a long one with words of their own."""
    return " ".join(_plain(said, name).split())


def whole_lines(said: Said, name: str) -> list[str]:
    """The same of many lines."""
    told = (" ".join(one.split()) for one in _plain(said, name).splitlines())
    return [one for one in told if one]


def whole_text(said: Said, name: str) -> str:
    """The same of words."""
    return _plain(said, name).replace("\r\n", "\n").strip()


def _plain(said: Said, name: str) -> str:
    return said.get(name, "").translate(_UNTYPED)
