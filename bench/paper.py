# SPDX-License-Identifier: AGPL-3.0-or-later
"""Capture cards as PDF: a thousand in one print, held against the minute that they may take, and one page against typst alone."""

import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import typst

from bench.table import Figure
from safeconduct.paper.content import CaptureCard, Reception
from safeconduct.paper.fonts import fonts
from safeconduct.paper.typesetting import CARDS_MOST, pdf, prepare
from safeconduct.vocabulary.reception import Health

LANGUAGES = ("ko-KP", "ru", "uk")
SECONDS_MOST = 60.0
PAGES = 40
TRIVIAL = '#set document(title: "A", date: none)\n#set page(width: 210mm, height: 297mm)\n= #sys.inputs.sheet\n'


def measure(folder: Path) -> list[Figure]:
    """Every card is another's, so that nothing of one serves the next but what a card's design shares."""
    cards = [_card(number) for number in range(CARDS_MOST)]
    seconds = _timed(lambda: pdf(prepare(cards, LANGUAGES)))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    form = statistics.median(_timed(_form(number)) for number in range(PAGES)) * 1000
    alone = statistics.median(_timed(_trivial(folder, number)) for number in range(PAGES)) * 1000
    return [
        Figure("paper: 1,000 capture cards, one print", seconds, "s", SECONDS_MOST, is_ceiling=True),
        Figure("paper: memory of that print", megabytes, "MB", None),
        Figure("paper: a form of one page (typst alone)", form, "ms", alone),
    ]


def _card(number: int) -> CaptureCard:
    return CaptureCard(
        power="조선민주주의인민공화국",
        surname="리" if number % 2 else "Константинопольский-Верхнедуванский",
        first_names=f"철수 {number}",
        fathers_first_name="영호",
        birth_date="주체92(2003)년 3월 14일",
        birth_place=f"함경북도 청진시 포항구역 {number}",
        rank="전사",
        service_number=f"АБ-{number:06d}",
        next_of_kin_address=f"함경북도 청진시 포항구역 남강동 {number}인민반",
        taken_on="2026-11-20",
        health=(Health.SLIGHTLY_WOUNDED,),
        prisoner_number=f"UA-{number:06d}",
        camp=f"Camp {number % 7}",
        date="2026-11-22",
    )


def _form(number: int) -> Callable[[], bytes]:
    return lambda: pdf(prepare(Reception(surname=f"Ivanov {number}"), ("uk",)))


def _trivial(folder: Path, number: int) -> Callable[[], object]:
    """A page with a heading, in the same fonts and to the same standard."""
    page = Path(tempfile.mkdtemp(dir=folder)) / "page.typ"
    page.write_text(TRIVIAL, encoding="utf-8")
    compiler = typst.Compiler(root=page.parent, font_paths=fonts(), ignore_system_fonts=True)
    inputs = {"sheet": f"Ivanov {number}"}
    return lambda: compiler.compile(page, format="pdf", pdf_standards=["ua-1"], sys_inputs=inputs)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
