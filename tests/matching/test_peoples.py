# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names that one people alone has, or reads in its own way: they count where that people is meant, and nowhere else."""

import pytest

from safeconduct.matching.comparing import Identity, compare
from safeconduct.matching.names import name_keys, read
from safeconduct.matching.names_alike import names_alike
from safeconduct.matching.words_alike import Likeness


def is_shown(one: str, other: str) -> bool:
    return compare(Identity((one,)), Identity((other,))).worth_showing


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hernán Oyarzún Barrientos", "Hernan Oyarzun Barrientos"),  # without its marks it looks Polish
        ("Leidy Johana Chaparro Niño", "Leidy Johana Chaparro Nino"),
        ("Xabier Mendizábal Otxoa", "Javier Mendizabal Ochoa"),
        ("Jordi Puigdomènech Vila", "Jorge Puigdomenech Vila"),
        ("Neftalí Cuyuch Oxlaj", "Нефтали Куюч Ошлах"),
    ],
)
def test_beside_a_spanish_name_any_other_is_read_as_a_spaniard_would(one: str, other: str) -> None:
    assert is_shown(one, other)
    assert name_keys(one) & name_keys(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("बिशाल थापा", "Vishal Thapa"), ("सुबास श्रेष्ठ", "Subash Srestha"), ("विमला अधिकारी", "Bimala Adhikari")],
)
def test_sh_and_s_and_b_and_v_are_one_in_nepal(one: str, other: str) -> None:
    assert is_shown(one, other)
    assert name_keys(one) & name_keys(other)


@pytest.mark.rule("R50")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("रमेश थापा", "Umesh Thapa"),
        ("Rajesh Basnet", "राकेश बस्नेत"),
        ("Rolando Ysaac Céspedes Labrada", "Orlando Isaac Cespedes Labrada"),
        ("Алонсо Кискинай Яуар", "Alfonso Quisquinay Yahuar"),
        ("شاكر مهدي الساعدي", "Шакир Махди ас-Сауди"),
    ],
)
def test_two_names_of_one_people_are_not_taken_for_one(one: str, other: str) -> None:
    assert not is_shown(one, other)


def test_a_name_of_another_people_says_nothing() -> None:
    """Min and Mina are two names in Nepal; مينة and Mina may be one."""
    arab = names_alike(read("حنا مينة خضور"), read("Hanna Mina Khaddour"))
    assert arab is not None
    assert Likeness.OTHER not in {pair.likeness for pair in arab.pairs}
    assert is_shown("حنا مينة خضور", "Hanna Mina Khaddour")
    assert not is_shown("मिन बहादुर राई", "Mina Bahadur Rai")
