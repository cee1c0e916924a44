# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable

import msgspec
import pytest
from tests.paper.conftest import page_sizes

from safeconduct.paper.content import CaptureCard
from safeconduct.paper.errors import DoesNotFit
from safeconduct.paper.typesetting import pdf, pictures, prepare
from safeconduct.vocabulary.reception import Health

LANGUAGES = ("ko-KP", "ru", "uk")
Printed = Callable[..., bytes]


@pytest.mark.rule("R25")
def test_a_card_has_two_sides_in_the_size_of_the_annex(card: CaptureCard, printed: Printed) -> None:
    assert page_sizes(printed(card, *LANGUAGES)) == [(150, 105)] * 2


def test_a_card_has_the_numbered_fields_of_the_annex_and_none_for_remarks() -> None:
    assert [field.name for field in msgspec.structs.fields(CaptureCard)] == [
        "power",
        "surname",
        "first_names",
        "fathers_first_name",
        "birth_date",
        "birth_place",
        "rank",
        "service_number",
        "next_of_kin_address",
        "taken_on",
        "coming_from",
        "health",
        "prisoner_number",
        "camp",
        "date",
    ]


def test_many_cards_are_one_print_and_each_looks_as_it_does_alone(card: CaptureCard) -> None:
    other = msgspec.structs.replace(card, surname="Verkhneduvansky-Konstantinopolsky", first_names="Александр")
    together = pictures(prepare([card, other], LANGUAGES), ppi=60)
    assert together[1::2] == [pictures(prepare(one, LANGUAGES), ppi=60)[1] for one in (card, other)]
    assert together[0] == together[2]


@pytest.mark.parametrize("languages", [("ar", "fr", "ru"), ("ne", "sw", "kk"), ("es", "uz-Latn", "tg")])
def test_long_names_and_addresses_fit_in_three_languages(languages: tuple[str, ...], card: CaptureCard) -> None:
    long = msgspec.structs.replace(
        card,
        surname="Константинопольский-Верхнедуванский",
        first_names="عبد الرحمن بن محمد بن عبد الله آل سعود الحسيني",
        birth_place="Ханты-Мансийский автономный округ, посёлок городского типа Междуреченский, улица Космонавтов, 12",
        next_of_kin_address="628200, Ханты-Мансийский автономный округ, Кондинский район, пгт. Междуреченский, ул. Космонавтов, д. 12, кв. 45",
        health=(Health.GOOD, Health.NOT_WOUNDED),
        coming_from="Camp 1, hospital No. 4, Dnipro",
    )
    assert len(page_sizes(pdf(prepare(long, languages)))) == 2


def test_a_word_longer_than_its_box_is_broken_and_one_too_long_for_it_is_refused_by_its_card(
    card: CaptureCard,
) -> None:
    assert pdf(prepare(msgspec.structs.replace(card, surname="Ш" * 60), LANGUAGES))
    too_long = msgspec.structs.replace(card, surname="Ш" * 200)
    with pytest.raises(DoesNotFit, match=r"^surname of card 2 is too long") as refused:
        pdf(prepare([card, too_long], LANGUAGES))
    assert "ШШ" not in str(refused.value)


def test_nothing_is_struck_out_before_something_was_said(card: CaptureCard) -> None:
    def side(**said: object) -> bytes:
        return pictures(prepare(msgspec.structs.replace(card, **said), ("en",)), ppi=60)[1]

    assert side(health=()) != side(health=(Health.SICK,)) != side(health=(Health.SICK, Health.SLIGHTLY_WOUNDED))
    assert side(taken_on="", coming_from="") != side(taken_on="", coming_from="Camp 1")
