# SPDX-License-Identifier: AGPL-3.0-or-later
"""The conversation, question by question, for every channel that is not a page.

`advance` is pure and total: for any position and any input it answers, never raises, asks for the person before it goes
on, and always offers a way back, a way to stop and a way to a human being.
"""

from collections.abc import Iterable

from safeconduct.dialogue import forms
from safeconduct.dialogue.answers import Problem, missing, problem, understand_answer
from safeconduct.dialogue.choosing import chosen
from safeconduct.dialogue.forms import Misunderstood
from safeconduct.dialogue.scripts import Choice, Field, Option, Script, Step, sentences
from safeconduct.dialogue.turns import (
    Act,
    Ask,
    Effect,
    Finish,
    Hear,
    Human,
    Input,
    Leave,
    Offer,
    Position,
    Pressed,
    ReadBack,
    Refuse,
    Say,
    Told,
    Turn,
)
from safeconduct.dialogue.words import GlobalAct, global_act
from safeconduct.vocabulary.languages import LANGUAGES

GIVEN = "given"  # all that a position says of free text
FINISH, LEAVE = "finish", "leave"  # the two acts that the engine knows; every other is the door's
ALWAYS: tuple[GlobalAct, ...] = ("back", "stop", "human")
_ALWAYS_OFFERED = tuple(Option(act, sentences()[act]) for act in ALWAYS)
_SKIP = Option("skip", sentences()["skip"])


def start(script: Script, language: str) -> Turn:
    """The first question."""
    return _enter(script, _beginning(script, language), script.first)


def advance(script: Script, position: Position, said: Input) -> Turn:
    """Answer one input. Never raises; an unsound position (another script's, an older one's) is mended first."""
    here = _mended(script, position)
    if isinstance(said, Told):
        return _told(script, here, said.outcome)
    message = said.value if isinstance(said, Pressed) else said.text
    act = global_act(message)
    if act == "stop":
        return _answer(_beginning(script, here.language), [Say(sentences()["stopped"]), Leave()], [])
    if act == "human":
        return _again(script, here, [Human(), Say(sentences()["human_called"])])
    if act == "back":
        return _back(script, here)
    return _at_field(script, here, message, act) if here.field else _at_end(script, here, message)


def _at_field(script: Script, here: Position, message: str, act: GlobalAct | None) -> Turn:
    field = _field(script, here)
    if field is None:
        return _enter(script, here, here.step)
    if act == "skip":
        return _skip(script, here, field)
    value = _understood(field, message, here.language)
    if isinstance(value, Problem):
        return _again(script, here, [Refuse(value.msgid, value.params)])
    if field.is_open:
        return _heard(script, here, field, value)
    return _go_on(script, _with(here, field, value), [])


def _understood(field: Field, message: str, language: str) -> str | Problem:
    """In a chat silence is no answer: a default is taken by skipping, not by an empty message."""
    if not message.strip():
        return missing(field)
    raw = chosen(field.options, message) or message
    return understand_answer(field, raw, language=language) or missing(field)


def _heard(script: Script, here: Position, field: Field, text: str) -> Turn:
    """Free text goes out at once. If the door has to judge it, the question stays until it has."""
    act = _step(script, here).act
    if act is not None:
        return _answer(here, [Hear(field.name, text), Act(act)], [])
    return _go_on(script, _with(here, field, GIVEN), [Hear(field.name, text)])


def _skip(script: Script, here: Position, field: Field) -> Turn:
    """A question may be skipped when it is optional, has a default, or was answered before."""
    if field.name not in here.closed and field.required and field.default is None:
        refused = problem("skip_not_possible")
        return _again(script, here, [Refuse(refused.msgid, refused.params)])
    return _go_on(script, here, [])


def _at_end(script: Script, here: Position, message: str) -> Turn:
    """At the choices of a step, or before its first question."""
    step = _step(script, here)
    if not step.choices:
        return _enter(script, here, here.step)
    value = chosen(step.choices, message)
    choice = next((choice for choice in step.choices if choice.value == value), None)
    if choice is None:
        refused = problem("choose_one")
        return _again(script, here, [Refuse(refused.msgid, refused.params)])
    return _choose(script, here, choice)


def _choose(script: Script, here: Position, choice: Choice) -> Turn:
    if choice.go is not None:
        return _enter(script, here, choice.go)
    if choice.act == LEAVE:
        return _answer(_beginning(script, here.language), [Say(sentences()["stopped"]), Leave()], [])
    if choice.act == FINISH:
        return _finish(script, here)
    return _answer(here, [Act(choice.act or choice.value)], [])


def _finish(script: Script, here: Position) -> Turn:
    """The same understanding as the page's, of the same answers: so that both channels make the same record."""
    step = script.steps[_step(script, here).shows or script.first]
    understood = forms.understand(step, _asked_only(step, here.closed), language=here.language)
    if isinstance(understood, Misunderstood):  # a position from before an editor's change: ask what it lacks
        name, refused = next(iter(understood.problems.items()))
        lacking = Position(script.name, step.name, name, here.language, here.closed)
        return _again(script, lacking, [Refuse(refused.msgid, refused.params)])
    answers = {name: value for name, value in understood.answers.items() if name != "text"}
    return _answer(here, [Finish(answers)], [])


def _told(script: Script, here: Position, outcome: str) -> Turn:
    what = _step(script, here).outcomes.get(outcome)
    if what is None:
        return _again(script, here, [])
    said: list[Effect] = [Say(what.say)] if what.say is not None else []
    return _again(script, here, said) if what.go is None else _enter(script, here, what.go, said)


def _back(script: Script, here: Position) -> Turn:
    """To the question before; from the first one to the step before; text that is already sealed is not asked again."""
    step = _step(script, here)
    earlier = _before(step, here.field, here.closed) if here.field else None
    if earlier is not None:
        return _again(script, _at(here, step, earlier), [])
    if step.back is None:
        return _again(script, here, [Say(sentences()["no_way_back"])])
    before = script.steps[step.back]
    last = _before(before, None, here.closed)
    return _enter(script, here, before.name) if last is None else _again(script, _at(here, before, last), [])


def _go_on(script: Script, here: Position, effects: list[Effect]) -> Turn:
    """After an answer: the next question, or the next step."""
    step = _step(script, here)
    following = _after(step, here.field, here.closed)
    if following is not None:
        return _again(script, _at(here, step, following), effects)
    if step.next is not None:
        return _enter(script, here, step.next, effects)
    return _again(script, _at(here, step, None), effects)


def _enter(script: Script, here: Position, name: str, effects: Iterable[Effect] = ()) -> Turn:
    """The beginning of a step: what it says, then its first question or its choices."""
    step = script.steps[name]
    position = _at(here, step, _after(step, None, here.closed))
    said: list[Effect] = [*effects, *(Say(msgid) for msgid in step.say)]
    if step.shows is not None:
        said.append(ReadBack(tuple(forms.read_back(script.steps[step.shows], _closed_only(script, step, here)))))
    return _again(script, position, said)


def _again(script: Script, here: Position, effects: list[Effect]) -> Turn:
    """Ask the question of this position, or offer the choices of its step."""
    field = _field(script, here)
    if field is None:
        return _answer(here, effects, [Option(choice.value, choice.label) for choice in _step(script, here).choices])
    can_skip = not field.required or field.default is not None or field.name in here.closed
    return _answer(here, [*effects, Ask(field)], [*field.options, *([_SKIP] if can_skip else [])])


def _answer(position: Position, effects: list[Effect], options: list[Option]) -> Turn:
    return Turn(position, (*effects, Offer((*options, *_ALWAYS_OFFERED))))


def _after(step: Step, name: str | None, closed: dict[str, str]) -> str | None:
    names = [field.name for field in step.fields]
    start_at = names.index(name) + 1 if name is not None else 0
    return next((field.name for field in step.fields[start_at:] if _may_ask(field, closed)), None)


def _before(step: Step, name: str | None, closed: dict[str, str]) -> str | None:
    names = [field.name for field in step.fields]
    stop_at = names.index(name) if name is not None else len(names)
    return next((field.name for field in reversed(step.fields[:stop_at]) if _may_ask(field, closed)), None)


def _may_ask(field: Field, closed: dict[str, str]) -> bool:
    is_sealed_text = field.is_open and field.words is None and closed.get(field.name) == GIVEN
    return field.is_asked(closed) and not is_sealed_text


def _asked_only(step: Step, closed: dict[str, str]) -> dict[str, str]:
    """The answers that still count: an earlier answer that was changed may have made a later one meaningless."""
    return {field.name: closed[field.name] for field in step.fields if field.name in closed and field.is_asked(closed)}


def _closed_only(script: Script, step: Step, here: Position) -> dict[str, str]:
    shown = script.steps[step.shows or step.name]
    asked = _asked_only(shown, here.closed)
    return {name: value for name, value in asked.items() if value != GIVEN}


def _with(here: Position, field: Field, value: str) -> Position:
    return Position(here.script, here.step, here.field, here.language, {**here.closed, field.name: value})


def _at(here: Position, step: Step, field: str | None) -> Position:
    return Position(here.script, step.name, field, here.language, here.closed)


def _beginning(script: Script, language: str) -> Position:
    return Position(script.name, script.first, None, language if language in LANGUAGES else "en", {})


def _step(script: Script, here: Position) -> Step:
    return script.steps[here.step]


def _field(script: Script, here: Position) -> Field | None:
    return None if here.field is None else _step(script, here).field(here.field)


def _mended(script: Script, position: Position) -> Position:
    """Only what this script knows. Whatever is not a closed choice of it is dropped, so that no free text can hide."""
    here = _beginning(script, position.language)
    if position.script != script.name or position.step not in script.steps:
        return here
    step = script.steps[position.step]
    closed = _sound(script, position.closed)
    field = step.field(position.field) if position.field is not None else None
    if field is not None and not _may_ask(field, closed):
        field = None
    return Position(script.name, step.name, field.name if field else None, here.language, closed)


def _sound(script: Script, closed: dict[str, str]) -> dict[str, str]:
    fields = {field.name: field for step in script.steps.values() for field in step.fields}
    return {name: value for name, value in closed.items() if name in fields and _is_closed(fields[name], value)}


def _is_closed(field: Field, value: str) -> bool:
    return value == GIVEN if field.is_open else understand_answer(field, value, language="") == value
