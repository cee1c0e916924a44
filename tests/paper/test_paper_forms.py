# SPDX-License-Identifier: AGPL-3.0-or-later
import re
from collections.abc import Callable, Iterator
from enum import Enum
from importlib.resources import files
from typing import Any, get_args

import msgspec
import pytest
from tests.paper.conftest import MILLIMETRE, page_sizes, readable

from safeconduct.paper import content
from safeconduct.paper.content import FORMS, Form, Reception, WishRecord, name_of
from safeconduct.paper.wording import AVAILABLE, marked, wording
from safeconduct.vocabulary.languages import LANGUAGES
from safeconduct.vocabulary.wishes import WishKind

Printed = Callable[..., bytes]
SENTENCES = [english for _, english in marked()]
# One word each of what no form may ask, offer or hold.
HOW_SOMEBODY_CAME = ("surrender", "voluntar", "own will", "deserter", "defect", "circumstances of capture")
SERVICE = ("enlist", "join ", "serve ", "fight", "armed forces", "volunteer")
BODY = ("photo", "fingerprint", "face", "image", "biometric", "dna")


def _rows_of(document: bytes) -> int:
    """Of its one table, without its head and the row of signatures."""
    return len(re.findall(rb"/S/TR\b", readable(document))) - 2


def of_form(form: type[Form]) -> set[str]:
    return {english for template, english in marked() if template == f"{name_of(form)}.typ"}


def test_every_language_of_the_line_has_its_papers() -> None:
    assert tuple(LANGUAGES) == AVAILABLE
    assert all(set(SENTENCES) <= set(wording(tag).sentences) for tag in AVAILABLE)


@pytest.mark.parametrize("tag", AVAILABLE)
def test_every_form_prints_empty_in_every_language_as_accessible_pdf(tag: str, printed: Printed) -> None:
    for form in FORMS:
        opened = readable(printed(form(), tag))
        assert b"<pdfuaid:part>1</pdfuaid:part>" in opened
        assert b"/StructTreeRoot" in opened
        assert b"CreationDate" not in opened


def _filled(form: type[Form]) -> Iterator[tuple[str, Form]]:
    """The empty form with one field filled, for each of its fields."""
    for field in msgspec.structs.fields(form):
        yield field.name, form(**{field.name: _example(field.type)})


def _example(kind: Any) -> Any:
    rows = [part for part in get_args(kind) if isinstance(part, type) and issubclass(part, msgspec.Struct)]
    enums = [part for part in (kind, *get_args(kind)) if isinstance(part, type) and issubclass(part, Enum)]
    if kind is bool:
        return True
    if enums:
        return list(enums[0])[-1] if type(None) in get_args(kind) else (list(enums[0])[-1],)
    nested = rows or [part for inner in get_args(kind) for part in get_args(inner) if isinstance(part, type)]
    structs = [part for part in nested if issubclass(part, msgspec.Struct)]
    if structs:
        return (structs[0](**{field.name: "x" for field in msgspec.structs.fields(structs[0])}),)
    return "x"


def _lines_of(document: bytes) -> list[float]:
    """How high above the foot of its page each piece of text stands, in points."""
    return [float(high) for high in re.findall(rb"1 0 0 -1 [-\d.]+ ([-\d.]+) cm/c\d+ cs", readable(document))]


LONGEST = ("слово " * content.WORDS_MOST)[: content.WORDS_MOST]


@pytest.mark.parametrize("form", [one for one in FORMS if one is not content.CaptureCard], ids=name_of)
def test_the_longest_words_run_on_to_further_pages_and_over_no_edge(form: type[Form], printed: Printed) -> None:
    room = {content.Words: LONGEST, content.Line: LONGEST[: content.LINE_MOST]}
    said: dict[str, Any] = {
        one.name: room[one.type] for one in msgspec.structs.fields(form) if one.type in (content.Words, content.Line)
    }
    document = printed(form(**said), "ar", "uk", "en")
    _width, height = page_sizes(document)[0]
    lines = _lines_of(document)
    assert len(lines) > len(_lines_of(printed(form(), "ar", "uk", "en")))
    assert 0 < min(lines) < max(lines) < height * MILLIMETRE


def test_a_signed_list_has_no_row_that_somebody_could_add_to(printed: Printed) -> None:
    one, three = (_rows_of(printed(content.ExchangeList(prisoners=(content.Exchanged(),) * count))) for count in (1, 3))
    assert (one, three) == (1, 3)
    assert _rows_of(printed(content.ExchangeList())) > 3


@pytest.mark.parametrize("form", FORMS, ids=name_of)
def test_every_field_of_a_form_is_printed(form: type[Form], printed: Printed) -> None:
    empty = printed(form())
    assert [name for name, filled in _filled(form) if printed(filled) == empty] == []


def _names(structs: tuple[Any, ...]) -> set[str]:
    return {field.name for struct in structs for field in msgspec.structs.fields(struct)}


ROWS = (content.Effect, content.Exchanged, content.Inspection, content.Transferred, content.Visit, content.VisitPutOff)


@pytest.mark.rule("R20", "R21")
def test_no_form_can_say_how_somebody_came_but_in_the_one_fixed_phrase() -> None:
    said = " ".join(SENTENCES).lower()
    assert [word for word in HOW_SOMEBODY_CAME if word in said] == []
    about = {name for name in _names((*FORMS, *ROWS)) if re.search(r"taken|power|captur|circumst|manner|how_", name)}
    assert about == {"power", "taken_on", "fell_into_power_of", "fell_into_power_on"}
    assert "Fell into the power of {power} on {date}." in SENTENCES


@pytest.mark.rule("R42")
def test_no_form_offers_or_registers_service() -> None:
    said = " ".join(SENTENCES).lower()
    assert [word for word in SERVICE if word in said] == []
    assert [one for one in SENTENCES if "recruit" in one] == ["Witness (from outside interrogation and recruitment)"]


@pytest.mark.rule("R47")
def test_no_form_has_room_for_a_picture_or_a_print_of_a_body() -> None:
    asked = " ".join([*SENTENCES, *_names((*FORMS, *ROWS))]).lower()
    assert [word for word in BODY if re.search(rf"\b{word}", asked)] == []


@pytest.mark.rule("R22")
def test_five_questions_are_marked_and_everything_else_says_that_it_is_optional() -> None:
    template = files("safeconduct.paper").joinpath("templates", "reception.typ").read_text(encoding="utf-8")
    assert re.findall(r"paper\.(\w+)(?:, span: \d+)?, mark: true", template) == [
        "surname",
        "first_names",
        "rank",
        "birth_date",
        "service_number",
    ]
    assert "Optional: answer or leave empty" in SENTENCES
    assert "language_used" in _names((Reception,))


@pytest.mark.rule("R38", "R39")
def test_a_wish_has_the_six_kinds_and_everything_that_makes_it_valid(printed: Printed) -> None:
    papers = {printed(WishRecord(wish=kind)) for kind in (None, *WishKind)}
    assert len(papers) == 1 + 6
    wanted = {"language_used", "sheet_version", "sheet_understood", "interpreter", "witness", "copy_given"}
    assert wanted <= _names((WishRecord,))
    assert {"Signature of the prisoner", "Signature of the witness", "Signature of the interpreter"} <= of_form(
        WishRecord
    )


@pytest.mark.rule("R24")
def test_a_list_comes_before_departure_and_comrades_are_asked_for() -> None:
    assert any(one.startswith("Before departure the list is made") for one in of_form(content.TransferList))
    assert "People you wish to stay together with" in of_form(Reception)


# What a paper says of a rule; that the rule is kept is the register's work, and shown there.
@pytest.mark.parametrize(
    ("form", "words"),
    [
        pytest.param(content.EffectsReceipt, "Identity documents.*never taken away", id="R23"),
        pytest.param(content.MedicalSheet, "once a month, with weight. For medical staff", id="R28"),
        pytest.param(content.Complaint, "any time.*not counted as a letter.*at once.*nobody", id="R30"),
        pytest.param(content.Complaint, "ill-treatment.*independent office at once", id="R37"),
        pytest.param(content.TransferList, "at most 25 kg. Mail is forwarded", id="R34"),
        pytest.param(content.VisitLog, "talk with them without witnesses", id="R35"),
        pytest.param(content.DeathRecord, "unknown cause is followed at once by an official inquiry", id="R36"),
        pytest.param(WishRecord, "change your wish at any time: the latest valid", id="R40"),
        pytest.param(WishRecord, "must then be examined and decided by itself before", id="R41"),
        pytest.param(WishRecord, "not told to the Power.*media or to relatives", id="R43"),
    ],
)
def test_a_form_tells_the_person_what_the_rule_gives_them(form: type[Form], words: str) -> None:
    assert any(re.search(words, sentence) for sentence in of_form(form))
