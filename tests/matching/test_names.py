# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest
from hypothesis import given, settings, strategies

from safeconduct.matching.names import name_keys, read
from safeconduct.matching.scripts import plain

texts = strategies.text(max_size=60)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Королёв Фёдор", "Korolev Fedor"),
        ("Олександр Ковальчук", "Aleksandr Kovalchuk"),
        ("Згурський Євген", "Zghurskyi Yevhen"),
        ("리영호", "Lee Young-ho"),
        ("최금옥", "Цой Гым Ок"),
        ("王小明", "Ван Сяомин"),
        ("张建国", "Chang Chien-kuo"),
        ("محمد عبد الرحمن المصري", "Мухаммад Абд ар-Рахман аль-Масри"),
        ("राजेन्द्र खत्री", "Rajender Khatri"),
        ("Хуан Гонсалес", "Juan González"),
        ("Асан уулу Үсөн", "Үсөн Асанов"),
        ("Мамедов Эльдар Рауф оглы", "Eldar Mamedov"),
        ("Нұрланов Бауыржан Серікұлы", "Бауржан Нурланов"),
        ("Раҳимов Фаррух", "Фаррух Раҳимзода"),
        ("Наташа Хрущева", "Khrushcheva Natalia Sergeyevna"),
        ("Indra Hang Rai", "Indrahang Raee"),
        ("Keshab Devkota", "Keshav Deukota"),
        ("तुलसी राम शर्मा", "Tulsiram Sarma"),
        ("محيي الدين طعيمة", "Mohy Eldin Tuaima"),
    ],
)
def test_two_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    assert name_keys(one) & name_keys(other)


def test_a_family_name_alone_is_found() -> None:
    assert name_keys("Королёва") & name_keys("Королёв Фёдор Семёнович")


def test_years_one_apart_share_a_dated_key_and_years_two_apart_none() -> None:
    born = {year: name_keys("Щербаков Юрий", birth_year=year) for year in (1990, 1991, 1992)}
    undated = name_keys("Щербаков Юрий")
    assert (born[1990] & born[1991]) - undated
    assert not (born[1990] & born[1992]) - undated


@settings(deadline=None)  # tables of rare scripts are read when first met
@given(texts, strategies.integers(min_value=1900, max_value=2020))
def test_a_year_never_stands_alone_in_a_key(name: str, year: int) -> None:
    assert all(not key.startswith("@") for key in name_keys(name, birth_year=year))
    if not read(name).words:
        assert not name_keys(name, birth_year=year)


@settings(deadline=None)  # tables of rare scripts are read when first met
@given(texts)
def test_any_text_can_be_read_and_gives_few_keys(name: str) -> None:
    read(name)
    assert len(name_keys(name, birth_year=1990)) <= 14


@settings(deadline=None)  # tables of rare scripts are read when first met
@given(texts)
def test_plain_text_is_already_plain(text: str) -> None:
    assert plain(plain(text)) == plain(text)


def test_a_typical_name_has_three_to_twelve_keys() -> None:
    for name in ("Щербаков Юрий Алексеевич", "Lee Young-ho", "王小明", "José García López", "محمد المصري"):
        assert 1 <= len(name_keys(name)) <= 12
        assert 3 <= len(name_keys(name, birth_year=1990)) <= 12
