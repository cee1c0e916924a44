# SPDX-License-Identifier: AGPL-3.0-or-later
import hmac
import unicodedata

import pytest
from cryptography.hazmat.primitives.hmac import HMAC
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.dialogue import duress
from safeconduct.dialogue.duress import MARK_BYTES, agreed, make, spoken, stands_alone, unagreed, words_of, work_for
from safeconduct.vocabulary.identifiers import ConversationId

pytestmark = pytest.mark.rule("R5")

SECRET = b"\x07" * 32
HERE, ELSEWHERE = ConversationId(b"a" * 16), ConversationId(b"b" * 16)
PHRASES = ["калина", "белая калина", "белая калина цветёт", "진달래", "4821", "زهرة الربيع", "Straße", "फूल"]
# What a person of the north wrote: the first sets the word (a particle is attached), the third says it, decomposed.
SETS = "편안하다고 쓰라고 누가 시킬수 있습니다. 그때 제가 《진달래》라는 말을 쓰면 제 뜻이 아닙니다"
SILENT = "저는 돌아갈수 없습니다. 남쪽도 아니고 다른 나라로 가고싶습니다. 그런것도 됩니까"
SAYS = (
    "\u110c\u1175\u11ab\u1103\u1161\u11af\u1105\u1162, \u110b\u1167\u1100\u1175\u1102\u1173\u11ab "
    "\u1103\u1161 \u110c\u1169\u11c2\u1109\u1173\u11b8\u1102\u1175\u1103\u1161. \u1106\u1161\u11ab\u1102\u1161\u11af "
    "\u1100\u1169\u11ba\u110b\u1173\u11af \u110b\u1161\u11af\u1105\u1167\u110c\u116e\u1109\u1175\u11b8\u1109\u1175\u110b\u1169"
)


def says(text: str, phrase: str) -> bool:
    return spoken(SECRET, HERE, text, make(SECRET, HERE, phrase))


def count_tags(patch: pytest.MonkeyPatch) -> list[str]:
    """Every word that costs an HMAC from now on; the HMAC itself stays the real one."""
    paid: list[str] = []
    real = duress._tag

    def counted(keyed: HMAC, word: str) -> bytes:
        paid.append(word)
        return real(keyed, word)

    patch.setattr(duress, "_tag", counted)
    return paid


def test_the_word_of_a_korean_is_found_in_decomposed_letters_and_not_before() -> None:
    assert not says(SILENT, "진달래")
    assert says(SAYS, "진달래")
    assert says(unicodedata.normalize("NFC", SAYS), unicodedata.normalize("NFD", "진달래"))


def test_a_particle_makes_it_another_word() -> None:
    assert says("진달래, 여기는 다 좋습니다", "진달래")
    assert not says("진달래라는 말", "진달래")
    assert says(SETS, "진달래")  # brackets part it from its particle: who sets a word must not be matched against it


def test_capitals_and_neighbours_do_not_hide_the_word() -> None:
    assert says("Ребята, мать варенье прислала, КАЛИНА в этом году хорошая. Говорите место, приду один.", "калина")
    assert not says("Условия прочитал, спасибо. Напишу через неделю.", "калина")


def test_a_word_inside_another_word_is_another_word() -> None:
    assert says("Бал!", "бал")
    assert not says("Балдарым үйдө, үчөө. Балким жакында бизди жөнөтүшөт", "бал")


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Все будет хорошо", "всё"),
        ("ВСЁ", "все"),
        ("سَلَام عليكم", "سلام"),
        ("سـلام", "سلام"),
        ("أنا بخير", "انا"),
        ("п’ять", "п'ять"),
        ("пʼять", "п'ять"),
        ("ka\u200blina\u202e", "kalina"),
        ("ка\u00adлина", "калина"),
        ("ＫＡＬＩＮＡ", "kalina"),
        ("STRASSE", "straße"),
        ("İSTANBUL", "istanbul"),
        ("у нас ٤٨٢١ дней", "4821"),
        ("我们有４８２１个", "4821"),
        ("我们有4821个", "٤٨٢١"),
    ],
)
def test_case_marks_and_shapes_of_letters_do_not_count(text: str, phrase: str) -> None:
    assert says(text, phrase)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("रमा आई", "राम"),
        ("48210", "4821"),
        ("a4821", "4821"),
        ("калины", "калина"),
        ("ка лина", "калина"),
        ("48.21", "48"),
    ],
)
def test_another_word_stays_another_word(text: str, phrase: str) -> None:
    assert not says(text, phrase)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("где белая, КАЛИНА цветет?", True),
        ("белая белая калина цветёт", True),
        ("белая калина", False),
        ("калина белая цветёт", False),
        ("белая и калина цветёт", False),
        ("цветёт", False),
    ],
)
def test_a_phrase_is_found_only_whole_and_in_its_order(text: str, *, found: bool) -> None:
    assert says(text, "белая калина цветёт") is found


@given(st.text(st.characters(), max_size=80), st.text(st.characters(), max_size=80), st.sampled_from(PHRASES))
def test_the_phrase_is_never_missed_whatever_stands_around_it(before: str, after: str, phrase: str) -> None:
    assert says(f"{before} {phrase} {after}", phrase)


@given(
    st.lists(st.sampled_from(["Белая", "калина", "ЦВЕТЁТ,", "калины", "-", ""])).map(" ".join), st.sampled_from(PHRASES)
)
def test_a_text_says_the_phrase_exactly_when_its_words_stand_in_it(text: str, phrase: str) -> None:
    words, wanted = words_of(text), words_of(phrase)
    windows = [words[at : at + len(wanted)] for at in range(len(words))]
    assert says(text, phrase) is (wanted in windows)


EASY = "".join(map(chr, (*range(0x20, 0x7F), 0x0A, *range(0x400, 0x460), *range(0x490, 0x492), 0x2013, 0x2014, 0x301)))


@given(st.text(st.sampled_from(EASY), max_size=40))
def test_a_text_in_an_easy_script_has_the_words_that_the_whole_rule_finds(text: str) -> None:
    assert words_of(text) == duress._words_by_the_rule(text)


@pytest.mark.parametrize("text", [f"а{one}б {one}в 1{one}2, Ж{two}г" for one in EASY for two in "й.,-"])
def test_no_easy_sign_is_taken_for_another(text: str) -> None:
    assert words_of(text) == duress._words_by_the_rule(text)


def test_the_marks_that_are_stored_already_still_fit() -> None:
    """What the door keeps outlives a release."""
    keyed = hmac.digest(SECRET, b"safeconduct/1/duress" + HERE, "sha512")
    tags = [hmac.digest(keyed, word, "sha512") for word in ("калина".encode(), b"", b"")]
    assert make(SECRET, HERE, "калина") == tags[0][:16] + tags[1][16:32] + tags[2][32:48]


def test_the_same_word_leaves_another_mark_in_every_conversation() -> None:
    kept = make(SECRET, HERE, "калина")
    assert kept != make(SECRET, ELSEWHERE, "калина")
    assert spoken(SECRET, HERE, "калина", kept)
    assert not spoken(SECRET, ELSEWHERE, "калина", kept)
    assert not spoken(b"\x08" * 32, HERE, "калина", kept)


@pytest.mark.rule("T3")
@pytest.mark.parametrize("phrase", PHRASES)
def test_a_mark_shows_neither_the_phrase_nor_its_length(phrase: str) -> None:
    kept = make(SECRET, HERE, phrase)
    assert len(kept) == MARK_BYTES
    assert phrase.encode() not in kept
    parts = {kept[at : at + 16] for at in range(0, MARK_BYTES, 16)}
    assert len(parts) == 3  # places without a word are not alike


def test_the_newest_words_count_and_none_is_told_from_no_word_at_all() -> None:
    kept = unagreed()
    for word in ("one", "two", "three", "four"):
        kept = agreed(kept, make(SECRET, HERE, word))
        assert len(kept) == len(unagreed())
    found = [word for word in ("one", "two", "three", "four") if spoken(SECRET, HERE, word, kept)]
    assert found == ["two", "three", "four"]
    assert spoken(
        SECRET, HERE, "two three", agreed(make(SECRET, HERE, "two"), make(SECRET, HERE, "four"))
    )  # kept before
    assert not spoken(SECRET, HERE, "one", unagreed())


def test_a_mark_that_is_none_is_refused_aloud() -> None:
    with pytest.raises(ValueError, match="48 bytes"):
        spoken(SECRET, HERE, "калина", b"")
    with pytest.raises(ValueError, match="1 to 3 words"):
        make(SECRET, HERE, "...")


TEXTS_OF_ONE_LENGTH = ["калина " * 60, "a " * 210, "ж" * 420, ". " * 210, "진달래 " * 105, "мир и " * 70]


@pytest.mark.parametrize("text", TEXTS_OF_ONE_LENGTH)
@pytest.mark.parametrize("phrase", [None, "калина", "белая калина"])
def test_messages_of_one_length_cost_the_same_whatever_they_say(
    text: str, phrase: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = make(SECRET, HERE, phrase) if phrase else None
    paid = count_tags(monkeypatch)
    spoken(SECRET, HERE, text, kept)
    assert len(text) == 420
    assert len(paid) == 112 + 1  # a quarter of the length, by eights; one more for empty places of a short phrase


@given(st.text(st.characters(), max_size=400))
def test_the_cost_follows_from_the_text_alone(text: str) -> None:
    kept = make(SECRET, HERE, "калина")
    with pytest.MonkeyPatch.context() as patch:
        paid = count_tags(patch)
        for mark in (None, kept):
            spoken(SECRET, HERE, text, mark)
    assert len(paid) == 2 * (work_for(text) + 1)


def test_a_text_with_more_words_than_its_length_suggests_costs_more_and_hides_nothing() -> None:
    crowded = "".join(chr(code) for code in range(0x2460, 0x249C)) * 3  # one character, a number in brackets
    words = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽" * 20
    assert says(words + " калина", "калина")
    assert work_for(crowded) >= len(set(words_of(crowded)))


@pytest.mark.slow
def test_the_longest_text_is_searched_to_its_end() -> None:
    assert says("a " * 4996 + "калина", "калина")
    assert says("\ufdfa" * 9990 + " калина", "калина")


@pytest.mark.parametrize(
    ("word", "alone"), [("калина", True), ("진달래", True), ("4821", True), ("牡丹", False), ("ดอก", False)]
)
def test_scripts_without_word_breaks_are_known(word: str, *, alone: bool) -> None:
    assert all(map(stands_alone, words_of(word))) is alone
