# SPDX-License-Identifier: AGPL-3.0-or-later
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.dialogue.recognising import Recognised, recognise, tag_of
from safeconduct.vocabulary.languages import LANGUAGES

# As people began when they wrote to such a line.
FIRST_WORDS = {
    "en": "hello. my english small. i am from ethiopia",
    "uk": "Доброго дня. Мене забрали просто з роботи",
    "ru": "это точно тот самый бот а то их много",
    "ko-KP": "저는 조선사람입니다. 살고싶습니다",
    "zh-Hans": "你好 我是来打工的 合同是俄文的看不懂",
    "ne": "मलाई बन्दुक चलाउन मन छैन, घर फर्किन चाहन्छु",
    "hi": "आदरणीय महोदय, मेरा बेटा चार महीने पहले काम के लिए गया था",
    "es": "somos tres cubanos, estamos juntos desde el principio",
    "ar": "أنا متعاقد مع الوحدة وقالوا شغل حراسة بس طلع قتال",
    "fr": "bjr on ma dit c pr travailler ds une usine",
    "sw": "Shikamoo. Naomba tu kujua kama mwanangu yuko hai",
    "uz-Latn": "Akam bilan birga kontrakt qilganmiz, uni boshqa qismga yuborishdi",
    "tg": "Ассалому алейкум, ман дар фронт ҳастам, метарсам",
    "ky": "Коркуп турам, бирок жашагым келет. Эмне кылышым керек?",
    "kk": "тірі қалғым келеді, ешкімге оқ атқым келмейді",
}
SHORT = {
    "ru": "здравствуйте",
    "zh-Hans": "在吗",
    "es": "buenas",
    "ar": "السلام عليكم",
    "kk": "Сәлеметсіз бе",
    "ne": "बुवालाई नभन्नु होला",
    "ky": "эртең телефонду алышат",
    "uz-Latn": "бизни эртага олиб кетишади дейишяпти. шу рақамга",
    "tg": "номам Фирдавс, в/ч 00038. лутфан ёрӣ диҳед",
    "fr": "est ce ke jpeux venir avec un ami",
}


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_sentence_in_each_language_of_the_line_is_recognised(tag: str) -> None:
    assert recognise(FIRST_WORDS[tag]).tag == tag


@pytest.mark.parametrize("tag", sorted(set(LANGUAGES) - {"fr", "uz-Latn"}))
def test_most_of_them_are_sure(tag: str) -> None:
    assert recognise(FIRST_WORDS[tag]).is_sure


@pytest.mark.parametrize("tag", SHORT)
def test_a_few_words_are_recognised_too(tag: str) -> None:
    assert recognise(SHORT[tag]).tag == tag


@pytest.mark.parametrize(
    "text", ["", " ", "1", "٢", "🙏🏾", "+70000000017", "24:00", "...", "\ud800", "https://example.org/x"]
)
def test_what_has_no_words_says_nothing_but_what_was_known_before(text: str) -> None:
    assert recognise(text) == Recognised(None, is_sure=False)
    assert recognise(text, prior="uk-UA") == Recognised("uk", is_sure=False)


@pytest.mark.parametrize(
    "text",
    [
        "zdravstvuite pisal vam v bota nedelu nazad, teper inet net",
        "koi mujhe ghar bhej do",
        "salam ana men qarya mafish 3andna net bas sms",
        "haat kasari uthaune hajur seto kapada chaina ke garne",
    ],
)
def test_words_in_foreign_letters_are_never_sure(text: str) -> None:
    assert not recognise(text).is_sure


@pytest.mark.parametrize("text", ["من یک سرباز هستم و می‌ترسم", "مجھے گھر جانا ہے", "زه غواړم کور ته لاړ شم"])
def test_arabic_letters_that_no_arab_writes_are_never_sure(text: str) -> None:
    assert recognise(text) == Recognised(None, is_sure=False)
    assert recognise(text, prior="tg") == Recognised("tg", is_sure=False)


def test_a_greeting_that_two_languages_share_goes_to_the_one_known_before() -> None:
    assert recognise("привет", prior="uk").tag == "uk"
    assert recognise("привет", prior="ru").tag == "ru"
    assert recognise("Доброго дня. Мене забрали просто з роботи", prior="ru").tag == "uk"


@pytest.mark.parametrize(
    ("hint", "tag"),
    [
        ("uk-UA", "uk"),
        ("zh", "zh-Hans"),
        ("ko", "ko-KP"),
        ("uz_UZ", "uz-Latn"),
        ("EN", "en"),
        ("de", None),
        ("", None),
        (None, None),
    ],
)
def test_what_a_messenger_says_is_one_of_our_languages_or_none(hint: str | None, tag: str | None) -> None:
    assert tag_of(hint) == tag


@settings(deadline=None)  # the first text of all waits for the model
@given(st.text(st.characters()), st.none() | st.text(max_size=8))
def test_any_text_is_answered(text: str, prior: str | None) -> None:
    assert recognise(text, prior=prior).tag in {None, *LANGUAGES}


def test_the_public_pages_do_not_carry_the_model() -> None:
    code = "import sys, safeconduct.edge.web.app; sys.exit('py3langid' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
