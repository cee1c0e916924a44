# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands in an INVITE, and whose phone it means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.desk.operators import names
from safeconduct.desk.operators.errors import NameRefused
from safeconduct.desk.telephone import sip_names
from safeconduct.desk.telephone.calls import Told
from safeconduct.desk.telephone.sip import told
from safeconduct.vocabulary.duty import is_phone


@given(st.text(min_size=1, max_size=40))
def test_every_operators_name_has_an_address_that_may_be_dialled_and_leads_back(text: str) -> None:
    try:
        name = names.chosen(text)
    except NameRefused:
        return
    uri = sip_names.uri(name, "192.0.2.7:5062")
    assert is_phone(uri)
    assert sip_names.called(f'"Line" <{uri};transport=udp>;tag=1') == sip_names.phone(name)


def test_plain_names_are_their_phones_names_and_no_other_can_be_taken_for_one() -> None:
    assert sip_names.uri("olena", "192.0.2.7:5062") == "sip:olena@192.0.2.7:5062"
    digest = sip_names.phone("олена")
    assert digest != sip_names.phone("олена м")
    with pytest.raises(NameRefused):
        names.chosen(digest)


def test_what_the_line_tells_is_taken_as_far_as_it_has_the_right_form() -> None:
    headers = {
        "To": "<sip:olena@192.0.2.7:5062>",
        "X-Conversation": "AB" * 16,
        "X-Language": "ko-KP",
        "X-Waited": "65",
    }
    assert told(headers) == Told("olena", "ko-KP", "ab" * 16, 65)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"To": "tel:+380"},
        {"To": "<sip:192.0.2.7>"},
        {"X-Conversation": "ab" * 15, "X-Language": "<b>", "X-Waited": "-1"},
        {"X-Conversation": "../" * 8, "X-Language": "english please", "X-Waited": "9" * 30},
    ],
)
def test_anything_else_is_nothing(headers: dict[str, str]) -> None:
    assert told(headers) == Told("", "", "", None)


@pytest.mark.rule("T3")
def test_what_was_told_is_in_no_repr() -> None:
    assert "olena" not in repr(Told("olena", "uk", "ab" * 16, 65))
