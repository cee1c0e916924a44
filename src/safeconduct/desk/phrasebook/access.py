# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads of the phrasebook. Which wording holds is decided here alone: in production none that two people have not approved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings

from safeconduct.desk.operators.models import Operator
from safeconduct.desk.phrasebook import book, filling, finding
from safeconduct.desk.phrasebook.book import Forms, Phrase
from safeconduct.desk.phrasebook.errors import NotApproved, UnknownPhrase
from safeconduct.desk.phrasebook.models import Approved, Favourite
from safeconduct.dialogue.texts import SOURCE_LANGUAGE
from safeconduct.vocabulary.languages import LANGUAGES

OWN = (SOURCE_LANGUAGE, "uk")  # the languages in which operators read and search


@dataclass(frozen=True, slots=True)
class Wording:
    """One sentence in one language."""

    phrase: Phrase
    tag: str
    forms: Forms
    is_approved: bool

    @property
    def hash(self) -> str:
        return book.hash_of(self.phrase.id, self.tag, self.forms)


@dataclass(frozen=True, slots=True)
class Offered:
    """A sentence as an operator picks it: its sense in their own language, and what would be sent."""

    phrase: Phrase
    sense: str
    wording: Wording
    text: str  # with its names in braces
    length: filling.Length
    is_favourite: bool


def wordings(tag: str) -> Mapping[str, Wording]:
    """Every sentence in that language as it holds now, approved or not. Raises `UnknownPhrase` for no language of ours."""
    if tag not in LANGUAGES:
        raise UnknownPhrase("no such language")
    approved = {row.phrase: row for row in Approved.objects.filter(tag=tag)}
    return {phrase.id: _wording(phrase, tag, approved.get(phrase.id)) for phrase in book.phrases().values()}


def wording(phrase_id: str, tag: str) -> Wording:
    """One of them. Raises `UnknownPhrase`."""
    phrase = known(phrase_id)
    if tag not in LANGUAGES:
        raise UnknownPhrase("no such language")
    return _wording(phrase, tag, Approved.objects.filter(phrase=phrase_id, tag=tag).first())


def known(phrase_id: str) -> Phrase:
    """Raises `UnknownPhrase`."""
    try:
        return book.phrases()[phrase_id]
    except KeyError:
        raise UnknownPhrase(phrase_id[:40]) from None


def offered(operator_language: str, person_language: str, query: str, operator: Operator) -> list[Offered]:
    """What this operator may send now, the favourites first. Raises `UnknownPhrase` for no language of ours."""
    theirs, own = wordings(person_language), _senses(operator_language)
    favourites = set(Favourite.objects.filter(operator=operator).values_list("phrase", flat=True))
    found = [
        _offered(one, own[one.phrase.id], is_favourite=one.phrase.id in favourites)
        for one in theirs.values()
        if _may_be_sent(one) and finding.fits(one.phrase, query)
    ]
    return sorted(found, key=lambda one: not one.is_favourite)


def lacking(person_language: str) -> int:
    """How many sentences of that language two people have not approved."""
    return sum(not one.is_approved for one in wordings(person_language).values())


def rendered(phrase_id: str, language: str, variables: Mapping[str, str]) -> str:
    """The sentence as it is sent. Raises `UnknownPhrase`, `NotApproved`, `ValueRefused`."""
    found = wording(phrase_id, language)
    if not _may_be_sent(found):
        raise NotApproved(f"{language}/{phrase_id}")
    return filling.rendered(found.phrase, language, found.forms, variables)


def sense_of(phrase_id: str, operator_language: str) -> str:
    """What it means, for an operator. Raises `UnknownPhrase`."""
    known(phrase_id)
    return _senses(operator_language)[phrase_id]


def own_language(asked: str) -> str:
    """The language in which an operator reads the senses."""
    return asked if asked in OWN else SOURCE_LANGUAGE


def _senses(tag: str) -> Mapping[str, str]:
    """In the operator's own language where that may be relied on; else in English, which is the sense itself."""
    english = {phrase_id: book.sense(phrase_id)[-1] for phrase_id in book.phrases()}
    if own_language(tag) == SOURCE_LANGUAGE:
        return english
    own = {one.phrase.id: one.forms[-1] for one in wordings(tag).values() if _may_be_sent(one)}
    return {**english, **own}


def _may_be_sent(one: Wording) -> bool:
    return one.is_approved or settings.DESK.demonstration


def _wording(phrase: Phrase, tag: str, row: Approved | None) -> Wording:
    if row is not None and book.hash_of(phrase.id, tag, tuple(row.forms)) == row.hash:
        return Wording(phrase, tag, tuple(row.forms), is_approved=True)
    return Wording(phrase, tag, book.shipped(phrase.id, tag), is_approved=False)


def _offered(one: Wording, sense: str, *, is_favourite: bool) -> Offered:
    text = one.forms[-1]
    return Offered(one.phrase, sense, one, text, filling.length_of(text), is_favourite)


def topics(found: Sequence[Offered]) -> list[tuple[str, list[Offered]]]:
    """The same by topic, in the order of the page; the favourites stand in a list of their own before."""
    shown: dict[str, list[Offered]] = {}
    for one in found:
        shown.setdefault("favourites" if one.is_favourite else one.phrase.topic, []).append(one)
    return list(shown.items())
