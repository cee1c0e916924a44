# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a rank is in NATO's codes, by the table of a version."""

from hashlib import sha256
from importlib.resources import files

import pytest

from safeconduct.vocabulary import ranks
from safeconduct.vocabulary.custody import Category

# A page says by which version its rank was read. A table that changed under its name would make all those pages say another thing.
GENERIC = "generic-2026-11"
PUBLISHED = {
    "2026-11": "4e19a1e40ffd4da6a89eaa867c23265b6935ae4cb2c15bced86b2f84073813c4",
    GENERIC: "3fcea35d0ce1f60c34f1aa8d6c30795cd342e7432a3eea30a83659695917357f",
}


def grade(words: str, power: str = "", language: str = "") -> str:
    found = ranks.equivalent(words, power=power, language=language)
    return found.grade if found else "unknown"


@pytest.mark.rule("R33")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("рядовой", "OR-1"), ("ст. сержант", "OR-6"), ("капитан 1 ранга", "OF-5"), ("головний майстер-сержант", "OR-9"),
        ("상급병사", "OR-3"), ("대좌", "OF-5"), ("一级军士长", "OR-9"), ("हुद्दा", "OR-5"), ("महासेनानी", "OF-5"),
        ("adjudant-chef", "OR-8"), ("chef d'escadrons", "OF-3"), ("cabo 1", "unknown"), ("ملازم أوّل", "OF-1"),
        ("үшінші сыныпты сержант", "OR-6"), ("улук лейтенант", "OF-1"), ("сержанти калон", "OR-6"), ("Katta serjant", "OR-6"),
    ],
)  # fmt: skip
def test_a_rank_is_read_in_its_own_words(words: str, code: str) -> None:
    assert grade(words) == code


@pytest.mark.rule("R33")
@pytest.mark.parametrize("words", ["", "космонавт", "звание", "стрелок", "OR-5", "7"])
def test_a_rank_that_no_table_knows_stays_unknown(words: str) -> None:
    assert ranks.equivalent(words) is None
    assert ranks.grades(words) == ()


@pytest.mark.rule("R33")
def test_words_that_two_armies_mean_differently_wait_for_the_power() -> None:
    words = "Sergeant"
    assert grade(words, language="en") == "unknown"
    assert ranks.grades(words) == ("OR-5", "OR-6")
    assert (grade(words, power="USA"), grade(words, power="Great Britain")) == ("OR-5", "OR-6")


@pytest.mark.rule("R33")
def test_an_officer_of_one_army_is_no_officer_of_another() -> None:
    assert ranks.category(grade("subteniente", power="Cuba")) is Category.OFFICERS
    assert ranks.category(grade("Subteniente", power="España")) is Category.OTHER_RANKS
    assert grade("subteniente", language="es") == "unknown"


@pytest.mark.rule("R33")
@pytest.mark.parametrize(
    ("words", "power", "code"),
    [
        ("private", "Russian Federation", "OR-1"), ("Sergeant", "Russia", "OR-5"), ("lieutenant colonel", "РФ", "OF-4"),
        ("полковник", "USA", "OF-5"), ("рядовой", "Ukraine", "OR-1"), ("рядовий", "Ukraine", "OR-2"), ("private", "UK", "OR-2"),
        ("colour sergeant", "Russia", "unknown"), ("subteniente", "Russia", "unknown"), ("captain", "Russia", "unknown"),
        ("прапорщик", "USA", "unknown"), ("colour sergeant", "", "OR-7"),
    ],
)  # fmt: skip
def test_who_serves_a_known_power_is_never_read_by_another_armys_table(words: str, power: str, code: str) -> None:
    assert grade(words, power=power, language="en") == code


@pytest.mark.rule("R33")
def test_words_that_mean_the_same_everywhere_are_on_one_side_of_the_line_in_every_army() -> None:
    generic, armies = ranks._generic("2026-11").entries, ranks.table("2026-11").entries
    for words, (meant,) in generic.items():
        theirs = {ranks.category(one.grade) for one in armies.get(words, ())}
        assert theirs <= {ranks.category(meant.grade)}, words


@pytest.mark.parametrize(
    "words", ["Гвардии старший лейтенант", "СТАРШИЙ  ЛЕЙТЕНАНТ", "старший лейтенант запаса", "ст.лейтенант"]
)
def test_what_stands_around_a_rank_does_not_change_it(words: str) -> None:
    assert grade(words, language="ru") == "OF-1"


@pytest.mark.rule("R33")
def test_the_table_says_what_a_power_has_agreed_to_and_what_is_ours() -> None:
    agreed, ours = ranks.equivalent("colour sergeant"), ranks.equivalent("прапорщик", language="ru")
    assert agreed is not None
    assert ours is not None
    assert (agreed.agreed, agreed.army, agreed.version) == (True, "en-GB", "2026-11")
    assert (ours.agreed, ours.army) == (False, "ru")


@pytest.mark.rule("R33")
@pytest.mark.parametrize(("version", "digest"), PUBLISHED.items())
def test_a_published_table_is_never_changed(version: str, digest: str) -> None:
    text = files("safeconduct.vocabulary").joinpath("rank_tables", f"{version}.txt").read_bytes()
    assert sha256(text).hexdigest() == digest
    assert max(PUBLISHED.keys() - {GENERIC}) == ranks.NEWEST


@pytest.mark.parametrize(
    "army", ["ru", "uk", "ko-KP", "zh", "ne", "en-US", "en-GB", "fr", "es-ES", "ar", "kk", "ky", "tg", "uz"]
)
def test_every_army_has_soldiers_and_every_officer_up_to_a_general(army: str) -> None:
    theirs = {
        one.grade for entries in ranks.table(ranks.NEWEST).entries.values() for one in entries if one.army == army
    }
    assert {f"OF-{number}" for number in range(1, 9)} <= theirs
    assert theirs & {"OR-1", "OR-2"}
