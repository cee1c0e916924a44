# SPDX-License-Identifier: AGPL-3.0-or-later
"""What no wording may be or say, whoever proposes it (R11, R42): asked of what is proposed, and by a test of what is shipped."""

import unicodedata
from collections.abc import Iterator

import regex
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from safeconduct.desk.phrasebook import book
from safeconduct.desk.phrasebook.book import Forms, Phrase
from safeconduct.dialogue.texts import placeholders

CHARACTERS_MAX = 700
_FORMS_OF_ARABIC, _NONE_ONE_TWO = 6, range(3)
_WITHOUT_SPACES = frozenset({"zh-Hans", "ko-KP"})
_JOINED = regex.compile(r"(?<=[\u0900-\u097f])[\u200c\u200d](?=[\u0900-\u097f])")  # what Hindi and Nepali write with


def mistakes(phrase: Phrase, tag: str, forms: Forms) -> Iterator[str | Promise]:
    """Every reason why this cannot be a wording of it."""
    if len(forms) != (book.rule(tag).forms if phrase.has_number else 1):
        yield _("There must be one wording for every plural form.")
        return
    if phrase.is_the_lines_own and forms != book.shipped(phrase.id, tag):
        yield _(
            "The line says this sentence itself. It is translated with the line's texts, so that both say the same."
        )
    for place, form in enumerate(forms):
        yield from _of_form(phrase, tag, form, may_lack_number=phrase.has_number and _is_in_words(tag, place))


def claims(tag: str, text: str) -> list[str]:
    """The beginnings of forbidden words that stand in it."""
    folded = unicodedata.normalize("NFC", text).casefold()
    return [word for word in book.forbidden()[tag] if regex.search(_pattern(tag, word.casefold()), folded)]


def _pattern(tag: str, word: str) -> str:
    """`regex` counts vowel signs as part of a word, which `re` does not."""
    start = "" if tag in _WITHOUT_SPACES else r"(?<!\w)"
    end = r"(?!\w)" if word.endswith("$") else ""
    return start + regex.escape(word.removesuffix("$")) + end


def _of_form(phrase: Phrase, tag: str, form: str, *, may_lack_number: bool) -> Iterator[str | Promise]:
    if not form.strip() or form != form.strip():
        yield _("A wording must not be empty, nor begin or end with white space.")
    if len(form) > CHARACTERS_MAX:
        yield _("At most %(count)s characters are possible.") % {"count": CHARACTERS_MAX}
    named, wanted = placeholders(form), frozenset(phrase.needs)
    if named != wanted and not (may_lack_number and named == wanted - {"count"}):
        yield _("These names in braces must stand in it, and no others: %(names)s") % {"names": _braced(wanted)}
    if any(unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"} and char != "\n" for char in _JOINED.sub("", form)):
        yield _("There is a character in it that nobody sees.")
    if "\n" in form and not phrase.is_the_lines_own:
        yield _("A line break cannot stand in it.")
    for word in claims(tag, form):
        yield _("This word promises what nobody can keep, or judges: %(word)s") % {"word": word}


def _is_in_words(tag: str, place: int) -> bool:
    """Where a language has a form of its own for nothing, one and two, as Arabic has, the number may stand there in words."""
    return book.rule(tag).forms == _FORMS_OF_ARABIC and place in _NONE_ONE_TWO


def _braced(names: frozenset[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names)) or "–"
