# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rendering: templates and texts become pages. What never changes is rendered once per language and kept in memory."""

import copy
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Final, Self, get_args

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from safeconduct.dialogue import scripts
from safeconduct.dialogue.record import NEVER
from safeconduct.dialogue.scripts import Field, Option
from safeconduct.dialogue.texts import texts
from safeconduct.edge.board import View
from safeconduct.edge.errors import Trouble, status_of
from safeconduct.edge.web.answers import Header, Page, headers_for
from safeconduct.edge.web.bodies import Mould, Part, Piece, mark, piece
from safeconduct.edge.web.passes import SUMS
from safeconduct.vocabulary.board import NEUTRAL_PLACE
from safeconduct.vocabulary.channels import CHANNELS
from safeconduct.vocabulary.contact import WEB
from safeconduct.vocabulary.languages import LANGUAGES, Language
from safeconduct.vocabulary.records import TEXT_MAX

FALLBACK: Final = "en"  # in whose name the wordless page is made, when no language may be served

BRAND_OF_CHANNEL = {channel.code: channel.name for channel in CHANNELS.values() if channel.is_brand}
_SAY_DUTY = frozenset({"appeal", "apply", "inbox_door", "noted", "receipt"})  # of those kept in memory
_BODY_BEGINS = "<title>"  # what stands before it is the same on all pages of a language
# What HTML cannot carry (NUL, CR, other controls, noncharacters): shown as a visible mark, never dropped (T8).
UNCARRIED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


class Pages:
    """All pages under one view of the board and one of who is on duty. A new view makes new pages.

    Those that say whether somebody is on duty are made both ways at start, so that a shift that changes renders nothing.
    """

    def __init__(self, view: View, served: tuple[str, ...], *, demonstration: bool) -> None:
        self.view = view
        self.served = served
        self.spoken: frozenset[str] = frozenset()  # by those who are on duty; silence means nobody
        self.headers: tuple[Header, ...] = headers_for(style())
        self._demonstration = demonstration
        self.at_hand: dict[str, Page] = {}  # by address: what a GET is answered with, whoever asks
        self._fixed: dict[tuple[str, str, int, str, bool], Page] = {}
        self._moulds: dict[tuple[str, str, str, bool], Mould] = {}
        self._heads: dict[str, Piece] = {}

    def fixed(self, name: str, tag: str, *, status: int = 200, variant: str = "", **values: object) -> Page:
        """A page that is the same for everyone. `variant` tells apart what `values` make different."""
        key = (name, tag, status, variant, self._says_duty(name, tag))
        if key not in self._fixed:
            self._fixed[key] = Page(status, [piece(self.render(name, tag, **values))], self.headers)
        return self._fixed[key]

    def prepare(self) -> Self:
        """Render all that can be foreseen, so that no visitor waits for it and no template fails later than now."""
        for spoken in (frozenset(self.served), self.spoken):
            self.under(spoken).render_all()
        self.at_hand = self.by_address()
        return self

    def under(self, spoken: frozenset[str]) -> Self:
        """The same pages, sharing what is rendered, while these languages are spoken by somebody on duty."""
        pages = copy.copy(self)
        pages.spoken = spoken
        pages.at_hand = pages.by_address()
        return pages

    def by_address(self) -> dict[str, Page]:
        names = {"": "appeal", "how": "how", "treatment": "treatment", "check": "check"}
        return {f"/{tag}/{address}": self.fixed(name, tag) for tag in self.served for address, name in names.items()}

    def _says_duty(self, name: str, tag: str) -> bool:
        return name in _SAY_DUTY and tag in self.spoken

    def render_all(self) -> None:
        for tag in self.served:
            for name in ("noted", "erased"):
                self.fixed(name, tag)
            for trouble in get_args(Trouble):
                self.trouble(trouble, tag)
            for problem in ("unknown", "closed"):
                self.inbox_door(tag, problem)
            self.receipt_gone(tag)
            self.form(tag)
            self.languages(tag)
            self.inbox_door(tag)
            self.receipt(tag, wrong=False)
            for wrong in (False, True):
                self.question(tag, wrong=wrong)

    def form(self, tag: str) -> Page:
        """The untouched form."""
        fields = scripts.load("apply").steps["application"].fields
        values = {
            field.name: tag if field.default == scripts.PAGE_LANGUAGE else field.default or "" for field in fields
        }
        return self.fixed("apply", tag, values=values, problems={})

    def inbox_door(self, tag: str, problem: str = "") -> Mould:
        """Where the code is entered, with one gap, `opened`."""
        key = ("inbox_door", tag, problem, self._says_duty("inbox_door", tag))
        if key not in self._moulds:
            page = self.render("inbox_door", tag, problem=problem, typed="", letter=(), opened=mark("opened"))
            self._moulds[key] = Mould(page)
        return self._moulds[key]

    def receipt_gone(self, tag: str) -> Page:
        """For a ticket whose receipt is no longer shown."""
        return self.fixed("receipt_gone", tag, status=400)

    def languages(self, best: str | None) -> Page:
        """The first page: the best match first and large. Without any approved language, pictograms alone (R12)."""
        if not self.served:
            return self.fixed("pictograms", FALLBACK)
        return self.fixed("languages", best or self.served[0])

    def trouble(self, trouble: Trouble, tag: str | None) -> Page:
        """The page that says why a request was refused."""
        status = status_of(trouble)
        if not self.served:
            return self.fixed("pictograms", FALLBACK, status=status)
        return self.fixed("problem", tag or self.served[0], status=status, variant=trouble, problem=trouble)

    def receipt(self, tag: str, *, wrong: bool) -> Mould:
        """The receipt's page with gaps that only the request can fill: `ticket`, `g0` to `g5` and, in English, `words`."""
        key = ("receipt", tag, "wrong" if wrong else "", self._says_duty("receipt", tag))
        if key not in self._moulds:
            slots = ["ticket", "g0", "g1", "g2", "g3", "g4", "g5", *(["words"] if tag == "en" else [])]
            marks = {slot: mark(slot) for slot in slots}
            self._moulds[key] = Mould(self.render("receipt", tag, marks=marks, wrong=wrong))
        return self._moulds[key]

    def question(self, tag: str, *, wrong: bool) -> Mould:
        """What is asked in a flood, with gaps: `first`, `second`, `sealed`, and `carried`, the form itself."""
        key = ("question", tag, "wrong" if wrong else "", False)
        if key not in self._moulds:
            marks = {slot: mark(slot) for slot in ("first", "second", "sealed", "carried")}
            self._moulds[key] = Mould(self.render("question", tag, marks=marks, wrong=wrong, sums=SUMS))
        return self._moulds[key]

    def parts(self, name: str, tag: str, **values: object) -> list[Part]:
        """A page for one person: its head is compressed already."""
        head, begin, rest = self.render(name, tag, **values).partition(_BODY_BEGINS)
        if tag not in self._heads:
            self._heads[tag] = piece(head)
        return [self._heads[tag], (begin + rest).encode()]

    def render(self, name: str, tag: str, **values: object) -> str:
        line = self.view.line
        frame = {
            "_": texts(tag).say,
            "lang": tag,
            "dir": LANGUAGES[tag].direction,
            "style": Markup(style()),  # noqa: S704 - our own file
            "languages": self._ordered(tag),
            "demonstration": self._demonstration,
            "leave": line.leave if line else NEUTRAL_PLACE,
            "wait": line.usual_wait if line else None,
            "is_on_duty": tag in self.spoken,
            "ways": line.ways if line else (),
            "limit": TEXT_MAX,
            "brands": BRAND_OF_CHANNEL,
            "is_offered": self._is_offered,
            "is_hinted": self._is_hinted,
            "apply": scripts.load("apply").steps,
            "inbox": scripts.load("inbox").steps,
        }
        return _environment().get_template(f"{name}.html").render(frame | values)

    def _is_hinted(self, field: Field) -> bool:
        """The hint about channels is said where there are any."""
        return field.name != "contact" or bool(self.view.line and self.view.line.ways)

    def _is_offered(self, field: Field, option: Option) -> bool:
        """R4: a channel is offered only when the line has one; an answer that names another is kept all the same."""
        if field.name != "contact":
            return True
        open_ways = {way.kind for way in self.view.line.ways} if self.view.line else set()
        return option.value in {WEB, NEVER, *open_ways}

    def _ordered(self, best: str) -> list[Language]:
        return [LANGUAGES[tag] for tag in sorted(self.served, key=lambda tag: tag != best)]


def visible(text: str) -> str:
    """The text with a mark for each character that HTML cannot carry."""
    return UNCARRIED.sub(lambda match: _picture(ord(match[0])), text)


def _picture(code: int) -> str:
    if code < 0x20:  # noqa: PLR2004 - the C0 controls, which Unicode gives pictures from U+2400 on
        return chr(0x2400 + code)
    return "\ufffd"


@cache
def style() -> str:
    """The one style of all pages, and the rules that follow from the script: a question shows when it is asked."""
    sheet = files(__package__).joinpath("pages", "style.css").read_text(encoding="utf-8")
    return "".join(line.strip() for line in sheet.splitlines()) + _conditions(
        scripts.load("apply").steps["application"].fields
    )


def _conditions(fields: tuple[Field, ...]) -> str:
    """Browsers that know no `:has()` show every question; its hint says when it matters."""
    values_of = {field.name: field.values for field in fields}
    conditions: dict[str, tuple[str, ...]] = {}
    for field in fields:
        conditions |= field.asked_when or field.shown_when
        for name, others in (field.asked_unless or field.shown_unless).items():
            conditions[name] = tuple(value for value in values_of[name] if value not in others)
    return "".join(
        f"form:not(:has({','.join(f'#{name}-{value}:checked' for value in values)})) .if-{name}{{display:none}}"
        for name, values in conditions.items()
    )


class _Unindented(PackageLoader):
    """Indentation is for who edits a template. It is taken from the source, never from what a person wrote."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool] | None]:
        source, filename, is_fresh = super().get_source(environment, template)
        return "\n".join(line.strip() for line in source.splitlines()) + "\n", filename, is_fresh


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=_Unindented(__package__ or "", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["visible"] = visible
    return environment
