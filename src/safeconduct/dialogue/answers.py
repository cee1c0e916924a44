# SPDX-License-Identifier: AGPL-3.0-or-later
"""Understanding one answer, the same for a page, a chat and a phone.

What a person writes is theirs: free text is kept letter by letter (NUL, bidi and zero-width characters included), never
cut, never corrected. Only the line ends of forms (CR LF) become LF, as the HTML standard made them CR LF on the way.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from safeconduct.dialogue import duress
from safeconduct.dialogue.scripts import PAGE_LANGUAGE, Field, sentences

# Field name -> canonical string: an option's value, digits in ASCII, HH:MM, or free text letter by letter.
Answers = Mapping[str, str]

_CLOCK = re.compile(r"(\d{1,2})(?:[:.٫٬hHчЧ시 ]+(\d{2})(?::\d{2})?)?[hHчЧ시분 ]*")
_HOURS, _MINUTES = 24, 60
_MIDNIGHT = (24, 0)  # how many people write it
# Half of a character, made by a broken client or a wrong encoding: it cannot be stored.
_SURROGATE = re.compile("[\ud800-\udfff]")
_NUMBER_DIGITS = 12  # more digits than this are no head count, and int() of a huge string is slow


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer could not be taken, as a sentence for the person."""

    msgid: str
    params: Mapping[str, str | int] = field(default_factory=dict)


def problem(name: str, **params: str | int) -> Problem:
    """The problem whose sentence has this name in `sentences.yaml`."""
    return Problem(sentences()[name], params)


def understand_answer(asked: Field, raw: str, *, language: str) -> str | Problem | None:
    """One answer to one question: its canonical string, None when nothing was answered, or a `Problem`. Total."""
    if not raw or not raw.strip():
        return _default(asked, language)
    if _SURROGATE.search(raw) is not None:
        return problem("broken_characters")
    return _READERS[asked.kind](asked, raw.replace("\r\n", "\n"))


def is_missing(asked: Field, value: str | None, answers: Answers) -> bool:
    """Whether a required answer is missing, given the answers before it."""
    return value is None and asked.required and asked.is_asked(answers)


def missing(asked: Field) -> Problem:
    """The sentence for a required question without an answer."""
    if asked.options:
        return problem("choose_one")
    if asked.kind == "number":
        return problem("number_needed", max=asked.max)
    return problem("clock_needed" if asked.kind == "clock" else "answer_needed")


def _default(asked: Field, language: str) -> str | None:
    if asked.default != PAGE_LANGUAGE:
        return asked.default
    return language if language in asked.values else None


def _read_option(asked: Field, text: str) -> str | Problem:
    value = text.strip()
    return value if value in asked.values else problem("choose_one")


def _read_number(asked: Field, text: str) -> str | Problem:
    digits = duress.ascii_digits(text.strip())
    if not (digits.isascii() and digits.isdigit()) or len(digits.lstrip("0")) > _NUMBER_DIGITS:
        return problem("number_needed", max=asked.max)
    number = int(digits)
    return str(number) if 1 <= number <= asked.max else problem("number_needed", max=asked.max)


def _read_clock(_asked: Field, text: str) -> str | Problem:
    match = _CLOCK.fullmatch(duress.ascii_digits(text.strip()))
    if match is None:
        return problem("clock_needed")
    hour, minute = int(match[1]), int(match[2] or 0)
    if (hour, minute) == _MIDNIGHT:
        hour = 0
    is_time = hour < _HOURS and minute < _MINUTES
    return f"{hour:02}:{minute:02}" if is_time else problem("clock_needed")


def _read_text(asked: Field, text: str) -> str | Problem:
    if asked.words is not None:
        text = text.strip()
    if len(text) > asked.max:
        return problem("too_long", max=asked.max)
    return text if asked.words is None else _read_phrase(asked.words, text)


def _read_phrase(most: int, text: str) -> str | Problem:
    words = duress.words_of(text)
    if not words:
        return problem("word_needed")
    if not all(duress.stands_alone(word) for word in words):
        return problem("number_instead")
    return text if len(words) <= most else problem("too_many_words", max=most)


_READERS: Mapping[str, Callable[[Field, str], str | Problem]] = {
    "choice": _read_option,
    "zone": _read_option,
    "language": _read_option,
    "contact": _read_option,
    "number": _read_number,
    "clock": _read_clock,
    "text": _read_text,
}
