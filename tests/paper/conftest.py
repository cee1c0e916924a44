# SPDX-License-Identifier: AGPL-3.0-or-later
import re
import zlib
from collections.abc import Callable

import pytest

from safeconduct.paper.content import CaptureCard, Form
from safeconduct.paper.typesetting import pdf, prepare

MILLIMETRE = 72 / 25.4


@pytest.fixture
def card() -> CaptureCard:
    """An invented person, in three scripts."""
    return CaptureCard(
        power="Демократична Народна Республіка Корея",
        surname="리",
        first_names="철수",
        birth_date="주체92(2003)년 3월 14일",
        birth_place="함경북도 청진시",
        rank="전사",
        service_number="АБ-123456",
        next_of_kin_address="함경북도 청진시 포항구역, 리영호",
        taken_on="2026-11-20",
        prisoner_number="UA-000123",
        camp="Camp 3",
        date="2026-11-22",
    )


@pytest.fixture
def printed() -> Callable[..., bytes]:
    """One form as PDF, in English unless told otherwise."""

    def _printed(form: Form, *languages: str) -> bytes:
        return pdf(prepare(form, languages or ("en",)))

    return _printed


def page_sizes(document: bytes) -> list[tuple[int, int]]:
    """Of each page in whole millimetres."""
    objects = readable(document)
    found = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", objects)
    return [(round(float(width) / MILLIMETRE), round(float(height) / MILLIMETRE)) for width, height in found]


def readable(document: bytes) -> bytes:
    """The document with its compressed streams opened."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", document, re.DOTALL)
    return document + b"".join(_opened(stream) for stream in streams)


def _opened(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return b""
