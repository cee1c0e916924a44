# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looking for a sentence in an operator's own words, English or Ukrainian."""

import unicodedata
from functools import cache

import regex

from safeconduct.desk.phrasebook import book
from safeconduct.desk.phrasebook.book import Phrase

_STEM = 5  # from this many letters on an ending may differ: «поранення» finds «поранені»
_ENDING = 2


def fits(phrase: Phrase, query: str) -> bool:
    """Whether every word of the query begins a word of the sentence, of its topic or of what it is looked for by."""
    return all(any(_begins(word, asked) for word in _words_of(phrase.id)) for asked in _words(query))


def _begins(word: str, asked: str) -> bool:
    return word.startswith(asked if len(asked) < _STEM else asked[:-_ENDING])


@cache
def _words_of(phrase_id: str) -> frozenset[str]:
    phrase = book.phrases()[phrase_id]
    said = [*book.shipped(phrase_id, "en"), *book.shipped(phrase_id, "uk"), phrase.find, phrase.topic, phrase_id]
    return frozenset(word for text in said for word in _words(text))


def _words(text: str) -> list[str]:
    marks_gone = (char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
    plain = "".join(marks_gone).replace("'", "").replace("’", "").replace("ʼ", "")
    return regex.findall(r"[\p{L}\p{N}]+", plain)
