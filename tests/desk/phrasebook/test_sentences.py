# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every wording of every language must be, before anybody has read it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.desk.phrasebook import book, claims, filling, finding
from safeconduct.desk.phrasebook.errors import ValueRefused
from safeconduct.dialogue.texts import placeholders, texts
from safeconduct.vocabulary.languages import LANGUAGES

EXAMPLES = {"name": "Olena", "number": "5", "time": "18:00", "city": "Kyiv", "address": "https://bureau.example"}
LANGUAGE = pytest.mark.parametrize("tag", LANGUAGES)


def values(phrase: book.Phrase) -> dict[str, str]:
    return {name: EXAMPLES[kind] for name, kind in phrase.needs.items()}


@LANGUAGE
def test_every_sentence_is_there_in_every_language(tag: str) -> None:
    assert len(book.phrases()) >= 40
    for phrase in book.phrases().values():
        assert all(book.shipped(phrase.id, tag)), phrase.id


@pytest.mark.rule("R11", "R42")
@LANGUAGE
def test_no_wording_claims_immunity_secrecy_or_service_and_none_judges(tag: str) -> None:
    assert len(book.forbidden()[tag]) >= 10
    for phrase in book.phrases().values():
        assert list(claims.mistakes(phrase, tag, book.shipped(phrase.id, tag))) == [], phrase.id


@LANGUAGE
def test_every_value_that_a_sentence_needs_stands_in_every_language(tag: str) -> None:
    for phrase in book.phrases().values():
        for form in book.shipped(phrase.id, tag):
            missing = set(phrase.needs) - placeholders(form)
            assert not missing or (phrase.has_number and tag == "ar" and missing == {"count"}), phrase.id


@LANGUAGE
def test_every_sentence_with_its_values_is_whole(tag: str) -> None:
    for phrase in book.phrases().values():
        said = filling.rendered(phrase, tag, book.shipped(phrase.id, tag), values(phrase))
        assert "{" not in said
        assert len(said) <= claims.CHARACTERS_MAX


@pytest.mark.rule("R11")
@LANGUAGE
def test_whatever_tells_how_to_surrender_says_when_protection_starts(tag: str) -> None:
    begins = texts(tag).say(
        "Protection starts from the moment of a clear act of surrender: no weapon in your hands, your hands are up, and you do not flee."
    )
    for name in ("alone", "group", "drone", "no_paper"):
        assert begins in book.shipped(name, tag)[0], name


@pytest.mark.rule("R45", "R6")
@LANGUAGE
def test_what_is_said_to_relatives_confirms_nothing_and_is_the_lines_own_answer(tag: str) -> None:
    nothing = "We tell nobody whether a person has written to us or is with us. This is the same for everyone who asks, and it says nothing about the person you look for."
    assert book.shipped("relative_nothing", tag) == (texts(tag).say(nothing),)
    assert not book.phrases()["relative"].needs


@pytest.mark.rule("R48")
@LANGUAGE
def test_the_words_for_erasing_are_those_of_the_button(tag: str) -> None:
    assert texts(tag).say("Erase everything") in book.shipped("erase", tag)[0]


@pytest.mark.rule("R3")
def test_no_sentence_has_room_for_a_place() -> None:
    kinds = {kind for phrase in book.phrases().values() for kind in phrase.needs.values()}
    assert kinds == {"name", "number", "time", "city", "address"}
    assert book.phrases()["hours"].needs["city"] == "city"  # whose clock, out of the list of the form
    assert [one.id for one in book.phrases().values() if "address" in one.needs.values()] == ["relative_where"]


@pytest.mark.parametrize(
    ("tag", "count", "said"),
    [("ru", "21", "21 минуту"), ("ru", "3", "3 минуты"), ("uk", "5", "5 хвилин"), ("uk", "22", "22 хвилини"),
     ("en", "1", "1 minute."), ("ar", "2", "دقيقتين"), ("ar", "7", "7 دقائق"), ("ar", "40", "40 دقيقة"), ("fr", "1", "1 minute,")],
)  # fmt: skip
def test_a_number_takes_the_form_that_its_language_has_for_it(tag: str, count: str, said: str) -> None:
    phrase = book.phrases()["wait_minutes"]
    assert said in filling.rendered(phrase, tag, book.shipped(phrase.id, tag), {"count": count})


def test_the_city_of_a_clock_is_said_in_the_persons_language() -> None:
    phrase = book.phrases()["hours"]
    said = filling.rendered(phrase, "ru", book.shipped("hours", "ru"), values(phrase))
    assert "(Киев)" in said
    assert "с 18:00 до 18:00" in said


@pytest.mark.rule("T8")
def test_a_name_that_runs_the_other_way_turns_nothing_around_it() -> None:
    phrase = book.phrases()["hello_name"]
    assert "\u2068Olena\u2069" in filling.rendered(phrase, "ar", book.shipped(phrase.id, "ar"), {"name": "Olena"})
    assert "\u2068" not in filling.rendered(phrase, "uk", book.shipped(phrase.id, "uk"), {"name": "Олена"})


@pytest.mark.rule("T8")
@pytest.mark.parametrize(
    "name",
    ["", "a" * 41, "Olena\u202e", "{count}", "<b>x</b>", "=1+1", "a\nb", "\u200bx", "5", "x\x00", "\ud800"],
)
def test_a_name_that_could_do_anything_is_refused(name: str) -> None:
    phrase = book.phrases()["hello_name"]
    with pytest.raises(ValueRefused):
        filling.rendered(phrase, "en", book.shipped(phrase.id, "en"), {"name": name})


@pytest.mark.rule("T8")
@pytest.mark.parametrize(
    "address", ["https://bureau.example/\u202egro.evil", "https://bureau.example/\u200b", "a" * 121]
)
def test_an_address_that_would_read_otherwise_than_it_leads_is_refused(address: str) -> None:
    phrase = book.phrases()["relative_where"]
    with pytest.raises(ValueRefused):
        filling.rendered(
            phrase, "en", book.shipped(phrase.id, "en"), {"bureau": address, "agency": "https://agency.example"}
        )


@given(st.sampled_from(sorted(book.phrases())), st.sampled_from(sorted(LANGUAGES)), st.text(max_size=130))
def test_whatever_is_typed_is_refused_or_stands_in_the_sentence_as_it_is(phrase_id: str, tag: str, typed: str) -> None:
    phrase = book.phrases()[phrase_id]
    try:
        said = filling.rendered(phrase, tag, book.shipped(phrase_id, tag), dict.fromkeys(phrase.needs, typed))
    except ValueRefused:
        return
    assert not any(sign in said for sign in "\u202a\u202b\u202d\u202e\x00\r")
    assert said.count("\n") == "\n".join(book.shipped(phrase_id, tag)).count("\n") or phrase.has_number


@pytest.mark.parametrize(
    ("text", "characters", "parts"),
    [("a" * 160, 160, 1), ("a" * 161, 161, 2), ("ы" * 70, 70, 1), ("ы" * 71, 71, 2), ("€" * 80, 80, 1), ("€" * 81, 81, 2),
     ("😀" * 35, 35, 1), ("😀" * 36, 36, 2)],
)  # fmt: skip
def test_how_many_text_messages_a_sentence_takes(text: str, characters: int, parts: int) -> None:
    assert filling.length_of(text) == filling.Length(characters, parts)


@pytest.mark.parametrize(
    ("query", "found"),
    [("tourniquet", "bleeding"), ("поранення", "hurt"), ("червоний хрест", "relative_where"), ("shift", "colleague"),
     ("обмін", "return"), ("ERASE every", "erase"), ("зброя", "not_here"), ("armed nonsense", None)],
)  # fmt: skip
def test_an_operator_finds_a_sentence_in_english_or_ukrainian(query: str, found: str | None) -> None:
    fitting = {phrase.id for phrase in book.phrases().values() if finding.fits(phrase, query)}
    assert found in fitting if found else not fitting


@pytest.mark.rule("R11")
@pytest.mark.parametrize(
    ("tag", "text"),
    [("en", "We guarantee it."), ("uk", "Це безпечно."), ("ru", "Полная анонимность."), ("ko-KP", "안전합니다."),
     ("zh-Hans", "我们保证。"), ("ne", "यो गोप्य हुन्छ।"), ("hi", "यह सुरक्षित है।"), ("es", "Es seguro."), ("ar", "نضمن لكم ذلك."),
     ("fr", "C’est confidentiel."), ("sw", "Ni siri."), ("uz-Latn", "Bu xavfsiz."), ("tg", "Ин махфӣ аст."),
     ("ky", "Бул коопсуз."), ("kk", "Бұл қауіпсіз.")],
)  # fmt: skip
def test_a_wording_that_promises_what_nobody_can_keep_is_refused_in_every_language(tag: str, text: str) -> None:
    assert list(claims.mistakes(book.phrases()["hello"], tag, (text,)))


def test_a_number_may_stand_in_words_only_where_its_form_is_for_one_number_alone() -> None:
    phrase, forms = book.phrases()["unit_confirm"], book.shipped("unit_confirm", "ar")
    for place in range(6):
        changed = (*forms[:place], "فهمنا.", *forms[place + 1 :])
        assert bool(list(claims.mistakes(phrase, "ar", changed))) is (place > 2), place


@pytest.mark.rule("R12")
def test_the_hash_that_two_people_approve_changes_with_the_wording_and_with_the_sense(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = book.hash_of("hello", "uk", ("Добрий день.",))
    assert book.hash_of("hello", "uk", ("Добрий вечір.",)) != before
    monkeypatch.setattr(book, "sense", lambda _phrase: ("Something else.",))
    assert book.hash_of("hello", "uk", ("Добрий день.",)) != before
