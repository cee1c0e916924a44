# SPDX-License-Identifier: AGPL-3.0-or-later
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import pyvips
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.paper.conftest import readable

from safeconduct.paper.content import LINE_MOST, CaptureCard, Complaint, Reception
from safeconduct.paper.errors import ContentRefused, LetterMissing, PaperError, WordingMissing
from safeconduct.paper.typesetting import pdf, pictures, prepare
from safeconduct.paper.wording import wording

Printed = Callable[..., bytes]
UNREVIEWED = b"Demonstration: these words have not been reviewed."
ONE_CARD = """
import hashlib
from safeconduct.paper.content import CaptureCard
from safeconduct.paper.typesetting import pdf, prepare
print(hashlib.sha256(pdf(prepare(CaptureCard(surname="리", birth_place="حلب"), ("ko-KP", "ar", "uk")))).hexdigest())
"""


def test_the_same_content_gives_the_same_bytes_in_any_process_and_place(tmp_path: Path) -> None:
    def elsewhere(zone: str, seed: str) -> str:
        surroundings = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "LANG": "C"}
        command = [sys.executable, "-c", ONE_CARD]
        return subprocess.run(
            command, cwd=tmp_path, env=surroundings, capture_output=True, text=True, check=True
        ).stdout

    assert elsewhere("Asia/Pyongyang", "1") == elsewhere("America/Havana", "2")


def test_the_same_content_gives_the_same_bytes_twice(card: CaptureCard, printed: Printed) -> None:
    assert printed(card, "uk", "ru") == printed(card, "uk", "ru")


@pytest.mark.parametrize(
    "typed",
    [
        '#import "@preview/x:1.0.0": *',
        '#panic("out")',
        "\\ $x$ *b* `r` @a <b> [c] {power}",
        '"; }',
        '#read("/etc/passwd")',
    ],
)
def test_what_was_written_is_text_and_never_markup(typed: str, printed: Printed) -> None:
    plain = printed(Reception(surname=typed, fell_into_power_of=typed))
    assert plain != printed(Reception())
    assert plain != printed(Reception(surname=typed[1:], fell_into_power_of=typed))


@pytest.mark.parametrize("bad", ["a\0b", "a\x1bb", "\ud800", "\ue000", "x" * (LINE_MOST + 1), "y" * 10_000])
def test_what_nobody_could_read_is_refused_by_the_name_of_its_field(bad: str) -> None:
    with pytest.raises(ContentRefused, match="surname") as refused:
        prepare(CaptureCard(surname=bad), ("en",))
    assert bad not in str(refused.value)


def test_marks_that_turn_the_order_of_reading_do_not_reach_the_paper(printed: Printed) -> None:
    turned = "\u202eIvanov\u2066 \u200fPetr\u061c"
    assert printed(Reception(surname=turned)) == printed(Reception(surname="Ivanov Petr"))


def test_a_letter_without_a_font_is_refused_by_card_field_and_letter() -> None:
    cards = [CaptureCard(surname="Ivanov"), CaptureCard(surname="Ivanov", camp="สถาน")]
    with pytest.raises(LetterMissing, match=r"camp of card 2: no font here has U.0E2A THAI") as refused:
        pdf(prepare(cards, ("en",)))
    assert "Ivanov" not in str(refused.value)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=LINE_MOST))
def test_any_text_at_all_is_printed_or_refused_with_a_reason(typed: str) -> None:
    try:
        made = pdf(prepare(Complaint(words=typed, surname=typed), ("en",)))
    except (ContentRefused, LetterMissing):
        return
    assert made.startswith(b"%PDF-1.7")


@pytest.mark.parametrize("languages", [(), ("en", "en"), ("en", "uk", "ru", "fr"), ("xx",)])
def test_a_paper_has_one_to_three_languages_that_there_are(languages: tuple[str, ...]) -> None:
    with pytest.raises(WordingMissing):
        prepare(Reception(), languages)


def test_a_print_has_at_least_one_card() -> None:
    with pytest.raises(PaperError):
        prepare([], ("en",))


@pytest.mark.rule("R12")
def test_a_paper_says_that_it_is_not_reviewed_until_each_of_its_languages_is_approved() -> None:
    hashes = [wording(tag).content_hash for tag in ("en", "uk")]

    def shown(*approved: str) -> bool:
        return UNREVIEWED in readable(pdf(prepare(Reception(), ("en", "uk"), approved=approved)))

    assert shown()
    assert shown(hashes[0])
    assert shown(hashes[0], "0" * 64)
    assert not shown(*hashes)


def _dark(page: bytes, *, is_left: bool) -> float:
    """How dark one half of the page's head is, where the title stands."""
    whole = pyvips.Image.new_from_buffer(page, "").flatten(background=255).colourspace("b-w")
    half = whole.crop(0 if is_left else whole.width // 2, 0, whole.width // 2, whole.height // 18)
    return 255.0 - float(half.avg())


def test_arabic_runs_from_the_right_and_its_letters_join() -> None:
    english, arabic = (pictures(prepare(Reception(), (tag,)), ppi=60)[0] for tag in ("en", "ar"))
    assert _dark(english, is_left=True) > _dark(english, is_left=False)
    assert _dark(arabic, is_left=False) > _dark(arabic, is_left=True)
    joined, apart = (pictures(prepare(Reception(surname=name), ("ar",)), ppi=60)[0] for name in ("سلم", "س‌ل‌م"))
    assert joined != apart


def test_neither_a_sheet_nor_an_error_shows_what_was_written() -> None:
    assert "Ivanov" not in repr(prepare(CaptureCard(surname="Ivanov"), ("en",)))
