# SPDX-License-Identifier: AGPL-3.0-or-later
"""R5: a word that a person agreed on, found in what they write, without showing it to anyone who watches.

Words are UAX #29 segments. Two spellings are the same word when they differ only in case, in accents and points that
Unicode treats as combining marks (NFC or NFD, е or ё, with or without harakat), in the shape of digits or apostrophes.
A vowel sign of an Indic script is part of the word. A word inside another word is another word.

Equal work. Every word of a text costs one HMAC, and each text costs a number of them that follows from its length in
characters alone (in steps of `_STEP`, at least `FLOOR`; what the words do not use is spent on nothing). It depends neither
on whether a word was ever set, nor on whether it was said, nor where, nor on the language. It is not one number for
all lengths: ten thousand characters can hold thousands of words, and spending as many HMACs on each "yes" would make the
line slow for everyone to hide what the length of the message on the wire already shows. A word with the space behind it
takes four characters or more, as people write; should a text hold more different words than that, the work grows
with them: it never misses, and tells at most that the words are short.
"""

import re
import secrets
import unicodedata

import regex
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.hmac import HMAC

from safeconduct.vocabulary.identifiers import ConversationId

FLOOR = 16  # HMACs for the shortest text
_STEP = 8
_CHARACTERS_A_WORD = 4
LONGEST_PHRASE = 3  # words
TAG_BYTES = 16
MARK_BYTES = TAG_BYTES * LONGEST_PHRASE
MARKS = 3  # of one conversation: whoever holds the phone may agree on another word, and the ones before go on freezing the case

_Parts = tuple[bytes, bytes, bytes]  # of a mark: what the tags of a phrase's words are, place by place

_PURPOSE = b"safeconduct/1/duress"
_SHA512 = SHA512()
_EMPTY = ""  # stands for "no word here" in a phrase shorter than the longest
_LETTER = regex.compile(r"[\p{L}\p{N}]")
_BREAK = regex.compile(r"(?V1w)\b")
_APOSTROPHES = dict.fromkeys(map(ord, "`´ʹʻʼʽ‘’‛′"), "'")
# Characters that hide or turn text, and the Arabic stretcher: nobody hears or sees them in a word.
_UNSEEN = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cc}ـ--[\t\n\v\f\r\x85]]", regex.V1)
# Scripts written without spaces: UAX #29 cannot tell their words apart without a dictionary (R5: use a number there).
_UNBROKEN = regex.compile(
    r"[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}"
    r"\p{Script=Myanmar}\p{Script=Bopomofo}\p{Script=Yi}\p{Script=Tibetan}\p{LB=SA}]",
)
# Accents and points. Vowel signs of Indic scripts have class 0, and a virama (9) joins letters: both change the word.
_MARKS = regex.compile(r"[^\p{ccc=0}\p{ccc=9}]")
_FOREIGN_DIGIT = regex.compile(r"[\p{Nd}--[0-9]]", regex.V1)
# What most people write: letters whose words end where the letters end. A stop or a comma within a number or a word
# joins it (UAX #29), and anything else that is not listed may: such texts are taken apart by the whole rule.
# By `re`, and `concurrent=False` below: `regex` lets go of Python's lock, which costs more than a short search.
_EASY_LETTERS = "0-9A-Za-zА-Яа-яЁёІіЇїЄєҐґ"
_NOT_EASY = re.compile(rf"[^{_EASY_LETTERS} \n,.!?–—-]|[,.](?=[{_EASY_LETTERS}])")
_EASY_WORD = re.compile(rf"[{_EASY_LETTERS}]+")


def words_of(text: str) -> list[str]:
    """The words of a text in their order, normalised. Punctuation, spaces and emoji are no words. Total."""
    if _NOT_EASY.search(text) is None:
        return _EASY_WORD.findall(text.lower().replace("й", "и").replace("ё", "е").replace("ї", "і"))
    return _words_by_the_rule(text)


def _words_by_the_rule(text: str) -> list[str]:
    """UAX #29 in full, for any script. What `words_of` says of an easy text is the same."""
    flat = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES))
    pieces = _BREAK.split(_UNSEEN.sub("", flat))
    normal = {piece: _normal(piece) for piece in set(pieces) if _LETTER.search(piece)}
    return [normal[piece] for piece in pieces if piece in normal]


def stands_alone(word: str) -> bool:
    """Whether such a word can be told apart from its neighbours; else a person is asked to choose a number."""
    return _UNBROKEN.search(word) is None


def work_for(text: str) -> int:
    """How many HMACs this text costs: see the top of this file."""
    return _work(len(text), len(set(words_of(text))))


def make(secret: bytes, conversation: ConversationId, phrase: str) -> bytes:
    """What is kept of a duress phrase of one to three words: HMACs, `MARK_BYTES` long whatever the phrase.

    Raises `ValueError` for a phrase without words or with too many; `forms.understand` has refused those before.
    """
    words = words_of(phrase)
    if not 1 <= len(words) <= LONGEST_PHRASE:
        raise ValueError(f"a duress phrase has 1 to {LONGEST_PHRASE} words")
    keyed = _keyed(secret, conversation)
    padded = words + [_EMPTY] * (LONGEST_PHRASE - len(words))
    return b"".join(_part(_tag(keyed, word), place) for place, word in enumerate(padded))


def unagreed() -> bytes:
    """What is kept of a conversation without a word: as long as any, and fitting none. So nobody sees who agreed on one."""
    return secrets.token_bytes(MARK_BYTES * MARKS)


def agreed(before: bytes, mark: bytes) -> bytes:
    """What is kept when another phrase is agreed on: the newest of them, oldest first. All of these freeze the case."""
    return (unagreed() + before + mark)[-MARK_BYTES * MARKS :]


def spoken(secret: bytes, conversation: ConversationId, text: str, kept: bytes | None) -> bool:
    """Whether a phrase kept for this conversation stands in the text. The same work when nothing is kept.

    Raises `ValueError` when `kept` was not made here: a door that lost a person's word must not go on silently.
    """
    if kept is not None and len(kept) not in {MARK_BYTES, MARK_BYTES * MARKS}:  # one: from before there were several
        raise ValueError(f"kept are {MARKS} duress marks of {MARK_BYTES} bytes")
    marks = (kept or b"").ljust(MARK_BYTES * MARKS, b"\0")
    keyed, words = _keyed(secret, conversation), words_of(text)
    tags = _tags_of_words(keyed, words, _work(len(text), len(set(words))))
    said, empty, found = [tags[word] for word in words], _tag(keyed, _EMPTY), False
    for at in range(0, len(marks), MARK_BYTES):
        wanted = (
            marks[at : at + TAG_BYTES],
            marks[at + TAG_BYTES : at + 2 * TAG_BYTES],
            marks[at + 2 * TAG_BYTES : at + MARK_BYTES],
        )
        found |= _stands_in_order([_fits(tag, wanted) for tag in said], _fits(empty, wanted))
    return found


def _tags_of_words(keyed: HMAC, words: list[str], work: int) -> dict[str, bytes]:
    """For each different word its tag; and work on nothing for the rest."""
    different = list(dict.fromkeys(words))
    tags = {word: _tag(keyed, word) for word in different}
    for _ in range(work - len(different)):
        _tag(keyed, _EMPTY)
    return tags


def _stands_in_order(fits: list[int], empty: int) -> bool:
    """Whether three neighbours fit the three places; `empty` says which places of the phrase have no word."""
    found = 0
    for first, second, third in zip(fits, [*fits[1:], 0], [*fits[2:], 0, 0], strict=False):
        found |= first & (second | empty) >> 1 & (third | empty) >> 2 & 1
    return bool(found)


def _part(tag: bytes, place: int) -> bytes:
    return tag[place * TAG_BYTES : (place + 1) * TAG_BYTES]


def _fits(tag: bytes, wanted: _Parts) -> int:
    """The places where a tag is the wanted one, as bits. How soon keyed tags differ tells a timer nothing of the word."""
    first, second, third = wanted
    return (
        (tag[:TAG_BYTES] == first)
        | (tag[TAG_BYTES : 2 * TAG_BYTES] == second) << 1
        | (tag[2 * TAG_BYTES : MARK_BYTES] == third) << 2
    )


def _work(characters: int, different_words: int) -> int:
    """From the length alone but for a text of very short words."""
    least = max(FLOOR, characters // _CHARACTERS_A_WORD, different_words)
    return -(-least // _STEP) * _STEP


def _keyed(secret: bytes, conversation: ConversationId) -> HMAC:
    """The same word has another mark in every conversation."""
    # Not the standard library's: its copy of a state costs four times this one's, dozens of times a message, and its
    # hmac.digest lets go of Python's lock, which under load comes back milliseconds later.
    outer = HMAC(secret, _SHA512)
    outer.update(_PURPOSE + conversation)
    return HMAC(outer.finalize(), _SHA512)


def _tag(keyed: HMAC, word: str) -> bytes:
    """One HMAC: its parts serve the three places of a phrase, so that equal words in two places look different."""
    tag = keyed.copy()
    tag.update(word.encode("utf-8", "surrogatepass"))
    return tag.finalize()


def _normal(piece: str) -> str:
    """Case and marks away. What casefolding makes can be decomposed again (İ), hence twice."""
    if piece.isascii():
        return piece.lower()
    return ascii_digits(_MARKS.sub("", unicodedata.normalize("NFKD", piece.casefold())))


def ascii_digits(text: str) -> str:
    """Decimal digits of any script as ASCII; everything else as it is."""
    if text.isascii() or _FOREIGN_DIGIT.search(text, concurrent=False) is None:
        return text
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)
