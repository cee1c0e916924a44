# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest
from hypothesis import given, settings, strategies

from safeconduct.matching.comparing import Comparer, Identity, Outcome, compare
from safeconduct.matching.dates import read_date
from safeconduct.matching.names import read

texts = strategies.text(max_size=40)


def by_name(one: Identity, other: Identity) -> dict[str, Outcome]:
    return {field.name: field.outcome for field in compare(one, other).fields}


@settings(deadline=None)  # tables of rare scripts are read when first met
@given(texts, texts)
def test_comparing_is_symmetric(one: str, other: str) -> None:
    there, back = compare(Identity((one,)), Identity((other,))), compare(Identity((other,)), Identity((one,)))
    assert there.score == pytest.approx(back.score)


@settings(deadline=None)  # tables of rare scripts are read when first met
@given(strategies.text(strategies.characters(categories=["L"]), min_size=2, max_size=30))
def test_a_name_never_speaks_against_itself(name: str) -> None:
    whole = f"{name} Ковальчук"
    assert len(read(whole).words) < 2 or compare(Identity((whole,)), Identity((whole,))).worth_showing


@pytest.mark.rule("R50")
def test_a_brother_and_a_sister_are_not_proposed_as_one() -> None:
    brother, sister = Identity(("Шевченко Олександр",)), Identity(("Шевченко Олександра",))
    assert not compare(brother, sister).worth_showing


@pytest.mark.rule("R50")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("عمر حيدرة باسندوة", "عامر حيدرة باسندوة"),
        ("Omar Haidara Basindwa", "عامر حيدرة باسندوة"),
        ("غسان بيطار", "حسان بيطار"),
        ("Said Nasser al-Awlaki", "Саад Насер аль-Авлаки"),
    ],
)
def test_arab_names_of_near_sound_are_two_names(one: str, other: str) -> None:
    assert not compare(Identity((one,)), Identity((other,))).worth_showing


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("عصام الدين خطاب", "Esam Eldeen Khatab"),
        ("محيي الدين طعيمة", "Mohieddin Toeima"),
        ("Якуб Исхак Джибриль", "Yacoub Eshag Gebril"),
        ("عبد اللطيف المراكشي", "Abdelatif Marrakchi"),
        ("दिलबहादुर घर्तीमगर", "Dil Bdr Gharti"),
        ("Нанда Кишор Пандит", "Nandkisor Pandith"),
    ],
)
def test_names_written_together_and_apart_are_one(one: str, other: str) -> None:
    assert compare(Identity((one,)), Identity((other,))).worth_showing


def test_another_fathers_name_is_another_person() -> None:
    one, other = Identity(("Лукьянов Виктор Степанович",)), Identity(("Лукьянов Виктор Семёнович",))
    assert not compare(one, other).worth_showing


def test_what_one_side_leaves_out_has_no_weight() -> None:
    whole = Identity(("Иванчук Роман",), read_date("12.05.1990"), "в/ч 12345", "АБ-123456")
    bare = Identity(("Ivanchuk Roman",))
    outcomes = by_name(whole, bare)
    assert [outcomes[name] for name in ("birth", "unit", "service_number")] == [Outcome.UNKNOWN] * 3


def test_a_day_and_a_month_exchanged_are_close() -> None:
    one = Identity(("Иванчук Роман",), read_date("12.05.1990"))
    other = Identity(("Иванчук Роман",), read_date("05.12.1990"))
    assert by_name(one, other)["birth"] is Outcome.CLOSE


def test_numbers_are_compared_in_their_one_spelling() -> None:
    one = Identity(("Иванчук Роман",), unit="в/ч 12345", service_number="АВ-123456")
    other = Identity(("Іванчук Роман",), unit="military unit 12345", service_number="AB 123 456")
    outcomes = by_name(one, other)
    assert outcomes["unit"] is outcomes["service_number"] is Outcome.AGREE


def test_the_best_of_several_names_counts() -> None:
    one = Identity(("Петренко Іван", "Сидоренко Олег"))
    assert compare(one, Identity(("Sydorenko Oleh",))).worth_showing


def test_no_name_shows_in_a_repr() -> None:
    one, comparer = Identity(("Тайний Іван",), read_date("12.05.1990")), Comparer()
    comparer.compare(one, one)
    assert "Тайний" not in repr(one) + repr(comparer)
    assert "1990" not in repr(one.birth)


@settings(deadline=None)  # tables of rare scripts are read when first met
@given(
    strategies.lists(
        strategies.sampled_from(["Іван Петренко", "Ivan Petrenko", "Олег", "김철수", "Li Ming", ""]), min_size=2
    )
)
def test_one_comparer_says_of_many_what_each_comparison_says_alone(names: list[str]) -> None:
    comparer, asked = Comparer(), Identity((names[0],))
    others = [Identity((name,)) for name in names[1:]]
    assert [comparer.compare(asked, one) for one in others] == [compare(asked, one) for one in others]
