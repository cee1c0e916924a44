# SPDX-License-Identifier: AGPL-3.0-or-later
"""The scripts: what is asked, in which order, in which words. Editors change the YAML; this file only reads it strictly."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from safeconduct.dialogue.errors import ScriptRefused
from safeconduct.dialogue.places import CITY_OF_ZONE
from safeconduct.vocabulary.channels import CHANNELS
from safeconduct.vocabulary.contact import TIMEZONES
from safeconduct.vocabulary.languages import LANGUAGES

FieldKind = Literal["choice", "number", "text", "clock", "zone", "language", "contact"]
BRANDS = frozenset(channel.name for channel in CHANNELS.values() if channel.is_brand)
PAGE_LANGUAGE = "page"  # a `default` that means: the language in which the question was read
SCRIPT_NAMES = ("welcome", "instructions", "check", "treatment", "apply", "inbox", "relative", "erase")


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One answer to choose: what is stored, and the sentence that is read."""

    value: str
    label: str


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question. `ask`, `hint` and option labels are msgids."""

    name: str
    kind: FieldKind
    ask: str
    hint: str | None = None
    required: bool = False
    default: str | None = None
    options: tuple[Option, ...] = ()
    shown_when: dict[str, tuple[str, ...]] = {}
    asked_when: dict[str, tuple[str, ...]] = {}
    shown_unless: dict[str, tuple[str, ...]] = {}
    asked_unless: dict[str, tuple[str, ...]] = {}
    max: int = 0
    words: int | None = None  # at most so many words; only the duress word has this
    values: tuple[str, ...] = ()  # the stored strings of `options`; `parse` fills it, every answer looks here

    @property
    def is_open(self) -> bool:
        """Free text: never kept in a position, handed out at once."""
        return self.kind == "text"

    @property
    def hangs_on(self) -> tuple[str, ...]:
        """The earlier questions that decide whether this one is asked."""
        return tuple((self.asked_when or self.shown_when) | (self.asked_unless or self.shown_unless))

    def is_shown(self, closed: Mapping[str, str]) -> bool:
        """Whether the question means anything, given the answers so far."""
        return _holds(self.shown_when, closed) and not _forbids(self.shown_unless, closed)

    def is_asked(self, closed: Mapping[str, str]) -> bool:
        """Whether a chat asks it, and whether an answer to a required question is really needed."""
        return self.is_shown(closed) and _holds(self.asked_when, closed) and not _forbids(self.asked_unless, closed)


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A button at the end of a step: it goes to another step, opens another script, or asks the door to act."""

    value: str
    label: str
    go: str | None = None
    act: str | None = None
    script: str | None = None


class Outcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What follows when the door has acted: another step, a sentence, or both."""

    go: str | None = None
    say: str | None = None


class Promise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One sentence of what the law promises, and where. A duty of the camps names its `id`."""

    id: str
    articles: tuple[int, ...]
    text: str
    law: Literal["GC III", "AP I"] = "GC III"


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One page on the web; a few questions in a chat."""

    name: str
    title: str
    say: tuple[str, ...] = ()
    promises: tuple[Promise, ...] = ()
    shows_ways: bool = False  # the door adds the signed list of addresses
    listens: str | None = None  # whatever else is written here is a message; this sentence answers it
    fields: tuple[Field, ...] = ()
    shows: str | None = None  # the step whose answers are read back here
    choices: tuple[Choice, ...] = ()
    act: str | None = None  # what the door does when the questions of this step are answered
    next: str | None = None  # the step after the last answer, when there is nothing to act on
    back: str | None = None  # the step before the first question
    outcomes: dict[str, Outcome] = {}

    def field(self, name: str) -> Field | None:
        """The field of that name, if this step has it."""
        return next((field for field in self.fields if field.name == name), None)


class _ScriptFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    script: str
    first: str
    steps: tuple[Step, ...]


class Script(msgspec.Struct, frozen=True):
    """A whole script, checked."""

    name: str
    first: str
    steps: dict[str, Step]


@cache
def load(name: str) -> Script:
    """Read `scripts/<name>.yaml`. Raises `ScriptRefused` when it does not hold together."""
    return parse(files(__package__).joinpath("scripts", f"{name}.yaml").read_bytes())


@cache
def sentences() -> Mapping[str, str]:
    """What is said outside the steps: name for the program -> msgid."""
    return {name: said for name, said in _said_outside().items() if isinstance(said, str)}


@cache
def counted_sentences() -> Mapping[str, tuple[str, str]]:
    """The same for sentences about a number: name -> msgid for one and msgid for many."""
    return {name: said for name, said in _said_outside().items() if isinstance(said, tuple)}


@cache
def hotline() -> Mapping[str, str]:
    """What only a telephone call says: name for the program -> msgid."""
    return {name: said for name, said in _said_on_the_telephone().items() if isinstance(said, str)}


@cache
def counted_hotline() -> Mapping[str, tuple[str, str]]:
    """The same for sentences about a number: name -> msgid for one and msgid for many."""
    return {name: said for name, said in _said_on_the_telephone().items() if isinstance(said, tuple)}


def _said_outside() -> Mapping[str, str | tuple[str, str]]:
    return _named_sentences("sentences.yaml")


def _said_on_the_telephone() -> Mapping[str, str | tuple[str, str]]:
    return _named_sentences("hotline.yaml")


def _named_sentences(file: str) -> Mapping[str, str | tuple[str, str]]:
    data = files(__package__).joinpath("scripts", file).read_bytes()
    return msgspec.yaml.decode(data, type=dict[str, str | tuple[str, str]])


def parse(data: bytes) -> Script:
    """A script from its YAML, strictly: an unknown key, a dangling step or a doubled name is refused."""
    try:
        read = msgspec.yaml.decode(data, type=_ScriptFile)
    except msgspec.MsgspecError as error:
        raise ScriptRefused(f"{error}. See the notes for editors at the top of apply.yaml.") from error
    script = Script(read.script, read.first, {step.name: _completed(step) for step in read.steps})
    problems = list(_problems(read, script))
    if problems:
        raise ScriptRefused(f"{read.script}: " + "; ".join(problems))
    return script


def msgids(script: Script) -> Iterator[str]:
    """Every sentence of a script that a person may read, in the order of the script."""
    for step in script.steps.values():
        yield step.title
        yield from step.say
        yield from (promise.text for promise in step.promises)
        if step.listens is not None:
            yield step.listens
        for field in step.fields:
            yield field.ask
            if field.hint is not None:
                yield field.hint
            if field.kind != "language":  # a language calls itself by its own name, and so does a brand
                yield from (option.label for option in field.options if option.label not in BRANDS)
        yield from (choice.label for choice in step.choices)
        yield from (outcome.say for outcome in step.outcomes.values() if outcome.say is not None)


def _holds(condition: Mapping[str, tuple[str, ...]], closed: Mapping[str, str]) -> bool:
    return not condition or all(closed.get(name) in values for name, values in condition.items())


def _forbids(condition: Mapping[str, tuple[str, ...]], closed: Mapping[str, str]) -> bool:
    """What was not answered yet forbids: a question that hangs on another waits for it."""
    return bool(condition) and any(closed.get(name) in {None, *values} for name, values in condition.items())


def _completed(step: Step) -> Step:
    return msgspec.structs.replace(step, fields=tuple(_with_options(field) for field in step.fields))


def _with_options(field: Field) -> Field:
    """Zones, languages and channels are lists of the vocabulary, the same in every script."""
    options = field.options
    if field.kind == "zone":
        options = tuple(Option(zone, CITY_OF_ZONE[zone]) for zone in TIMEZONES)
    elif field.kind == "language":
        options = tuple(Option(tag, language.endonym) for tag, language in LANGUAGES.items())
    elif field.kind == "contact":
        options = (*options[:1], *(Option(one.code, one.name) for one in CHANNELS.values()), *options[1:])
    return msgspec.structs.replace(field, options=options, values=tuple(option.value for option in options))


def _problems(read: _ScriptFile, script: Script) -> Iterator[str]:
    if len(script.steps) != len(read.steps):
        yield "two steps have the same name"
    if read.first not in script.steps:
        yield f"`first` names no step: {read.first}"
    for step in script.steps.values():
        targets = [choice.go for choice in step.choices] + [outcome.go for outcome in step.outcomes.values()]
        for target in [*targets, step.next, step.back, step.shows]:
            if target is not None and target not in script.steps:
                yield f"step {step.name} leads to no step: {target}"
        yield from _problems_of_fields(step)


def _conditions(field: Field) -> Iterator[tuple[str, tuple[str, ...]]]:
    for condition in (field.shown_when, field.asked_when, field.shown_unless, field.asked_unless):
        yield from condition.items()


def _problems_of_fields(step: Step) -> Iterator[str]:
    earlier: dict[str, Field] = {}
    for field in step.fields:
        where = f"step {step.name}, field {field.name}"
        if field.name in earlier:
            yield f"{where}: the name stands twice"
        if field.kind == "choice" and not field.options:
            yield f"{where}: a choice needs options"
        if field.kind in {"text", "number"} and field.max < 1:
            yield f"{where}: needs `max`"
        if field.default not in {None, PAGE_LANGUAGE, *field.values}:
            yield f"{where}: the default is none of the options"
        for name, values in _conditions(field):
            if name not in earlier or not set(values) <= set(earlier[name].values):
                yield f"{where}: the condition on {name} names no earlier answer"
        earlier[field.name] = field
