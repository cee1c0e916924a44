# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person typed into a field, as every room of custody takes it: whole, or not at all.

Dropped is what no keyboard types: a NUL, which PostgreSQL refuses, and the controls of direction that would show a name backwards (T8).
A browser that was told how much a field holds sends no more; who goes round it must not lose half an answer unseen.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import date
from functools import wraps
from typing import ParamSpec, TypeVar

from safeconduct.desk.custody.errors import (
    CustodyError,
    DoesNotFit,
    FieldRefused,
    Holds,
    NotADay,
    NotANumber,
    SeveralRefused,
)

Asked = ParamSpec("Asked")
Read = TypeVar("Read")

# Embeddings, overrides and isolates (UAX #9). The marks that scripts need, and the joiners of Persian and Hindi, stay.
_UNTYPED = dict.fromkeys([0, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])

Said = Mapping[str, str]  # what a form sent; the last value of each name
_noted: ContextVar[list[FieldRefused] | None] = ContextVar(
    "what a form is refused for, while all of it is read", default=None
)


def together(read: Callable[Asked, Read]) -> Callable[Asked, Read]:
    """Of a form whose fields are read within, all that are refused are marked, not only the first.

    What `read` makes of a refused form is thrown away: it reads, and does nothing. Raises `SeveralRefused`, or the one refusal
    there is; a field that cannot be kept comes before whatever else is wrong with the form.
    """

    @wraps(read)
    def whole(*asked: Asked.args, **more: Asked.kwargs) -> Read:
        if _noted.get() is not None:  # part of a larger form
            return read(*asked, **more)
        noted: list[FieldRefused] = []
        outside = _noted.set(noted)
        try:
            made = read(*asked, **more)
        except CustodyError:
            if not noted:
                raise
        finally:
            _noted.reset(outside)
        if noted:
            raise noted[0] if len(noted) == 1 else SeveralRefused(noted)
        return made

    return whole


def line(said: Said, name: str, most: int) -> str:
    """One line, with single spaces. Raises `DoesNotFit`."""
    told = whole_line(said, name)
    if len(told) > most:
        _refuse(DoesNotFit(name, Holds(most)))
    return told


def lines(said: Said, name: str, most: int, count: int) -> list[str]:
    """Every line on which something stands, each as `line` takes it, and no more than `count` of them. Raises `DoesNotFit`."""
    told = whole_lines(said, name)
    if len(told) > count or any(len(one) > most for one in told):
        _refuse(DoesNotFit(name, Holds(most, count)))
    return told


def text(said: Said, name: str, most: int, refusal: type[DoesNotFit] = DoesNotFit) -> str:
    """Words with their lines. Raises `refusal`."""
    told = whole_text(said, name)
    if len(told) > most:
        _refuse(refusal(name, Holds(most)))
    return told


def day(said: Said, name: str) -> date | None:
    """None where nothing was typed. Raises `NotADay`."""
    typed = whole_line(said, name)
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        _refuse(NotADay(name))
    return None


def count(said: Said, name: str, longest: int) -> int | None:
    """Of at most `longest` digits; None where nothing was typed. Raises `NotANumber`, `DoesNotFit`."""
    typed = line(said, name, longest)
    if not typed or len(typed) > longest:
        return None
    if not (typed.isascii() and typed.isdigit()):
        _refuse(NotANumber(name))
        return None
    return int(typed)


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


def _refuse(refusal: FieldRefused) -> None:
    """Raised, or noted where a whole form is read."""
    noted = _noted.get()
    if noted is None:
        raise refusal
    noted.append(refusal)


def _plain(said: Said, name: str) -> str:
    return said.get(name, "").translate(_UNTYPED)
