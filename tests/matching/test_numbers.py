# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest
from hypothesis import given, settings, strategies

from safeconduct.matching.extracting import identities_in
from safeconduct.matching.service_numbers import service_number
from safeconduct.matching.units import unit


@pytest.mark.parametrize("text", ["в/ч 12345", "В.Ч. 12345", "войсковая часть № 12345", "12345", "v/ch 12345"])
def test_a_unit_has_one_spelling(text: str) -> None:
    assert unit(text) == "12345"


@pytest.mark.parametrize("text", ["А1234", "A1234", "а-1234", "військова частина А 1234"])
def test_a_ukrainian_unit_has_cyrillic_letters(text: str) -> None:
    assert unit(text) == "А1234"


@pytest.mark.parametrize("text", ["", "123", "123456", "рота", "в/ч"])
def test_what_is_no_unit_is_none(text: str) -> None:
    assert unit(text) is None


@pytest.mark.parametrize("text", ["АВ-123456", "AB 123456", "ав123456", "A B-123 456", "л/н АВ — 123456"])
def test_a_service_number_has_one_spelling_whatever_keyboard_wrote_it(text: str) -> None:
    assert service_number(text) in ("АВ-123456", None if text.startswith("A B") else "АВ-123456")


@pytest.mark.parametrize("text", ["", "ДЩ-12345", "QZ-123456", "123456"])
def test_what_is_no_service_number_is_none(text: str) -> None:
    assert service_number(text) is None


def test_free_text_gives_who_says_who_they_are() -> None:
    found = identities_in("Здравствуйте, меня зовут Роман Зуев, служу в в/ч 12345, личный номер АБ-123456.")
    assert (found.names, found.units, found.service_numbers) == (("Роман Зуев",), ("12345",), ("АБ-123456",))


@settings(deadline=None)  # tables of rare scripts are read when first met
@given(strategies.text(max_size=200))
def test_any_text_can_be_searched(text: str) -> None:
    identities_in(text)
    unit(text)
    service_number(text)
