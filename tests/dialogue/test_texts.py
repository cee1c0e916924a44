# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest

from safeconduct.dialogue.errors import CatalogueRefused, PlaceholderMissing, UnknownLanguage
from safeconduct.dialogue.texts import AVAILABLE, parse, plural_rule, texts
from safeconduct.vocabulary.languages import LANGUAGES

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: {plural}\\n"\n\n'
SLAVIC = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"
ONE = 'msgid "Back"\nmsgstr "Назад"\n\n'
TWO = 'msgid "At most {max} words."\nmsgstr "Слов: {max}."\n\n'
DAYS = 'msgid "{count} day"\nmsgid_plural "{count} days"\nmsgstr[0] "{count} день"\nmsgstr[1] "{count} дня"\nmsgstr[2] "{count} дней"\n\n'


def russian(*entries: str) -> str:
    return HEAD.format(plural=SLAVIC) + "".join(entries)


def test_a_sentence_is_said_with_its_values_put_in_by_name() -> None:
    language = parse("ru", russian(ONE, TWO))
    assert language.say("Back") == "Назад"
    assert language.say("At most {max} words.", max=3, unused="x") == "Слов: 3."
    with pytest.raises(PlaceholderMissing, match="max"):
        language.say("At most {max} words.")


@pytest.mark.rule("T8")
def test_nothing_inside_a_value_is_interpreted() -> None:
    assert (
        parse("ru", russian(TWO)).say("At most {max} words.", max="{max} {0.__class__} %s")
        == "Слов: {max} {0.__class__} %s."
    )


@pytest.mark.rule("R12")
@pytest.mark.parametrize("broken", [ONE.replace("Назад", ""), "#, fuzzy\n" + ONE])
def test_a_missing_or_doubtful_translation_makes_the_language_incomplete(broken: str) -> None:
    assert parse("ru", russian(ONE, TWO)).is_complete
    language = parse("ru", russian(broken, TWO))
    assert (language.is_complete, language.missing) == (False, ("Back",))
    assert language.say("Back") == "Back"


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 день"), (2, "2 дня"), (5, "5 дней"), (11, "11 дней"), (21, "21 день")]
)
def test_a_number_takes_the_form_that_its_language_wants(count: int, said: str) -> None:
    assert parse("ru", russian(DAYS)).plural("{count} day", "{count} days", count) == said


def test_a_plural_with_too_few_forms_is_missing() -> None:
    assert parse("ru", russian(DAYS.replace('msgstr[2] "{count} дней"\n', ""))).missing == ("{count} day",)


@pytest.mark.rule("R12")
@pytest.mark.parametrize(
    "same",
    [
        russian(TWO, ONE),
        russian("# a note\n#: pages/a.html\n" + ONE, TWO),
        russian(ONE.replace('"Назад"', '""\n"На"\n"зад"'), TWO),
        russian(ONE, TWO, '#~ msgid "Gone"\n#~ msgstr "Нет"\n'),
    ],
)
def test_the_hash_that_reviewers_approve_is_the_same_for_the_same_content(same: str) -> None:
    assert parse("ru", same).content_hash == parse("ru", russian(ONE, TWO)).content_hash


@pytest.mark.rule("R12")
@pytest.mark.parametrize(
    "other",
    [
        russian(ONE.replace("Назад", "назад"), TWO),
        russian(ONE),
        russian("#, fuzzy\n" + ONE, TWO),
        russian('msgctxt "button"\n' + ONE, TWO),
    ],
)
def test_any_other_content_has_another_hash(other: str) -> None:
    assert parse("ru", other).content_hash != parse("ru", russian(ONE, TWO)).content_hash


def test_the_same_sentences_in_another_language_have_another_hash() -> None:
    assert parse("uk", russian(ONE)).content_hash != parse("ru", russian(ONE)).content_hash


@pytest.mark.parametrize("header", ["", "nplurals=9; plural=0;", "nplurals=2; plural=__import__('os');"])
def test_a_plural_rule_that_is_none_is_refused(header: str) -> None:
    with pytest.raises(CatalogueRefused):
        plural_rule(header)


def test_a_language_without_a_catalogue_is_named() -> None:
    with pytest.raises(UnknownLanguage, match="there are en, uk, ru, ko-KP"):
        texts("../en")


def test_english_says_every_sentence_as_it_stands_in_the_scripts() -> None:
    assert texts("en").is_complete
    assert texts("en").say("Back") == "Back"
    assert {"en", "uk", "ru", "ko-KP", "ar"} <= set(AVAILABLE) <= set(LANGUAGES)
