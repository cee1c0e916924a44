# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is typed into a field of any room is taken in one way."""

from collections.abc import Callable

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.custody.conftest import ARRIVAL

from safeconduct.desk.custody import fields
from safeconduct.desk.custody.errors import DoesNotFit
from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.operators.roles import Role

Doors = Callable[[Role], Client]
ZWNJ, ZWJ = "\u200c", "\u200d"
typed = st.text(alphabet=st.sampled_from("aЙ 리\0\r\n\t\u00a0"), max_size=30)


def kept(take: Callable[[], object]) -> object:
    """None where it was refused."""
    try:
        return take()
    except DoesNotFit:
        return None


@given(typed, st.integers(1, 12))
def test_a_line_is_one_line_whole_or_refused_and_holds_no_nul(said: str, most: int) -> None:
    whole = fields.whole_line({"x": said}, "x")
    assert not set(whole) & set("\0\r\n\t")
    assert "  " not in whole
    assert not whole.startswith(" ")
    assert kept(lambda: fields.line({"x": said}, "x", most)) == (whole if len(whole) <= most else None)


@given(typed, st.integers(1, 12), st.integers(1, 3))
def test_many_lines_are_kept_whole_or_refused(said: str, most: int, count: int) -> None:
    whole = fields.whole_lines({"x": said}, "x")
    fits = len(whole) <= count and all(len(one) <= most for one in whole)
    assert kept(lambda: fields.lines({"x": said}, "x", most, count)) == (whole if fits else None)


@given(typed)
def test_words_keep_their_lines_and_lose_no_letter(said: str) -> None:
    text = fields.text({"x": said}, "x", 30)
    assert "\0" not in text
    assert text.split() == said.replace("\0", "").split()
    assert [line.split() for line in text.splitlines() if line.split()] == [
        line.split() for line in fields.whole_lines({"x": said}, "x")
    ]


def test_words_that_are_longer_are_refused() -> None:
    assert fields.text({"x": "слово"}, "x", 5) == "слово"
    with pytest.raises(DoesNotFit):
        fields.text({"x": "слово"}, "x", 4)


@pytest.mark.rule("T8")
@pytest.mark.parametrize("control", ["\u202a", "\u202e", "\u2066", "\u2069"])
def test_nothing_that_turns_a_name_around_is_kept(control: str) -> None:
    said = {"surname": f"Ива{control}нов"}
    assert fields.line(said, "surname", 20) == "Иванов"
    assert fields.lines(said, "surname", 20, 1) == ["Иванов"]
    assert fields.text(said, "surname", 20) == "Иванов"


@pytest.mark.parametrize("name", [f"می{ZWNJ}خواهد", f"क्{ZWJ}ष", "O’Brien"])
def test_what_a_script_needs_stays(name: str) -> None:
    assert fields.line({"surname": name}, "surname", 20) == name


@pytest.mark.parametrize(
    ("role", "path", "said"),
    [
        (Role.REGISTRAR, "/register/", {"number": "A\0-7", "surname": "Мель\0ник", "spellings": "Mel\0nyk"}),
        (Role.REGISTRAR, "/arrivals/", {"number-0": "A\0-7", "surname-0": "Мель\0ник", "ticket": "0" * 32}),
        (Role.BUREAU, "/inquiries/ask/", {"name": "Мель\0ник", "spellings": "Mel\0nyk", "words": "w\0"}),
        (Role.COUNSEL, "/complaint/", {"number": "A\0-7", "words": "w\0"}),
    ],
)
def test_a_nul_in_a_field_breaks_no_page(
    desk_of: Doors, camp: Camp, role: Role, path: str, said: dict[str, str]
) -> None:
    answer = desk_of(role).post(path, said | {"camp": str(camp.pk), "day": ARRIVAL.isoformat()})
    assert answer.status_code in {200, 302}
    assert not Person.objects.exclude(number="A-7").exists()
