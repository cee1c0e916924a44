# SPDX-License-Identifier: AGPL-3.0-or-later
"""Arabic for espeak-ng: the short vowels that writing leaves out, and the way in which it wants them."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_MARKS = "\u064b-\u0652\u0670"
_VOWEL_MARK = re.compile(f"[{_MARKS}]")
_NUMBER = re.compile(r"\d+")
_SUN = "تثدذرزسشصضطظلن"
# What it hears wrong, and what is written for it instead. In this order.
_MENDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(heard_wrong), written)
    for heard_wrong, written in (
        ("([\u064b-\u0650])\u0651", "\u0651\\1"),  # Unicode puts the doubling last; it wants the vowel behind it
        (f"(?<=\u0650)ال([{_SUN}])\u0651?", "\\1\u0651"),  # an article behind a prefix melts into a sun letter
        (f"(?<=ل)([{_SUN}])\u0651", "\\1"),  # behind the article it doubles these by itself; a third swallows the vowel
        ("(?<=\u0650)ا", ""),  # joined on: never long behind an i
        ("(?<=[وف]\u064e)ا(?=\\w\u0652)", ""),  # the same behind "and"
        ("(?:(?<=\u064fو)|(?<=و\u0652))ا(?!\\w)", ""),  # the silent alif of the plural
        ("ذلِك", "ذَالِك"),  # long, and written without
        ("(?<!\\w)هذِه", "هَاذِه"),
        ("بِهذا", "بِهَاذا"),
        ("ة(?=\\s*(?:[.,،؛:؟]|$))", "ه"),  # before a pause a breath, not a t
    )
)


def for_the_voice(text: str) -> str:
    """The sentence with its vowels, if it is one of ours; else as it is written."""
    said = _with_vowels(unicodedata.normalize("NFC", text))
    for heard_wrong, written in _MENDS:
        said = heard_wrong.sub(written, said)
    return said


def _with_vowels(text: str) -> str:
    numbers = iter(_NUMBER.findall(text))
    vowelled = sentences().get(plain(text))
    return text if vowelled is None else _NUMBER.sub(lambda _: next(numbers), vowelled)


@cache
def sentences() -> Mapping[str, str]:
    """Without vowels -> with them."""
    lines = files(__package__).joinpath("vowels", "ar.txt").read_text(encoding="utf-8").splitlines()
    return {plain(line): line for line in lines if line and not line.startswith("#")}


def plain(text: str) -> str:
    """Without its vowels; every number is 0."""
    return _NUMBER.sub("0", _VOWEL_MARK.sub("", unicodedata.normalize("NFC", text)))
