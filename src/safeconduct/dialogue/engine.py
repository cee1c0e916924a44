# SPDX-License-Identifier: AGPL-3.0-or-later
"""The conversation, question by question, for every channel that is not a page.

`advance` is pure and total: for any position and any input it answers, never raises, asks for the person before it goes
on, and always offers a way back, a way to stop and a way to a human being. What a person writes is never lost: if it is
no answer it is handed out as a message, whatever else follows.
"""

import re
from collections.abc import Callable, Iterable, Mapping

import msgspec

from safeconduct.dialogue import forms
from safeconduct.dialogue.answers import Problem, missing, problem, understand_answer
from safeconduct.dialogue.choosing import chosen
from safeconduct.dialogue.duress import ascii_digits
from safeconduct.dialogue.forms import Misunderstood
from safeconduct.dialogue.positions import (
    GIVEN,
    after,
    at,
    before,
    beginning,
    counting,
    field_of,
    mended,
    step_of,
    with_answer,
)
from safeconduct.dialogue.scripts import Choice, Field, Option, Script, load, sentences
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
    Promised,
    ReadBack,
    Refuse,
    Said,
    Say,
    Told,
    Turn,
    Ways,
)
from safeconduct.dialogue.words import GlobalAct, global_act
from safeconduct.vocabulary.contact import WEB

WELCOME, ERASE = "welcome", "erase"  # the scripts that a word opens from anywhere
FINISH, LEAVE, HUMAN = "finish", "leave", "human"  # the acts that the engine knows; every other is the door's
MESSAGE = "message"  # the field under which words are handed out that answer no question
CHAT_LANGUAGE = "chat_language"  # the one question whose answer changes the language of the chat
ALWAYS: tuple[GlobalAct, ...] = ("back", "stop", "human")
_ALWAYS_OFFERED = tuple(Option(act, sentences()[act]) for act in ALWAYS)
_SKIP = Option("skip", sentences()["skip"])
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character: no door can store it


def start(script: Script, language: str, channel: str = WEB) -> Turn:
    """The first question, or the first choices."""
    return _enter(script, beginning(script, language, channel), script.first)


def advance(script: Script, position: Position, said: Input) -> Turn:
    """Answer one input. Never raises; an unsound position (another script's, an older one's) is mended first.

    A choice or a word may lead into another script: go on with the script that the new position names.
    """
    here = mended(script, position)
    if isinstance(said, Told):
        return _told(script, here, said)
    field = field_of(script, here)
    act = _word(field, said)
    if act in _BY_WORD:
        return _BY_WORD[act](script, here)
    return _at_end(script, here, said) if field is None else _at_field(script, here, field, said, act)


def _word(field: Field | None, said: Said | Pressed) -> GlobalAct | None:
    """A word that works everywhere; but where a time is asked, 0 is midnight."""
    message = _message(said)
    if field is not None and field.kind == "clock" and ascii_digits(message.strip()).isdigit():
        return None
    return global_act(message)


def _message(said: Said | Pressed) -> str:
    return said.value if isinstance(said, Pressed) else said.text


def _heard_as_message(said: Said | Pressed) -> list[Effect]:
    """Words that answered nothing go out as they are. Nothing is in a blank message or in the name of a button."""
    if isinstance(said, Pressed) or not said.text.strip() or _SURROGATE.search(said.text):
        return []
    return [Hear(MESSAGE, said.text)]


def _at_field(script: Script, here: Position, field: Field, said: Said | Pressed, act: GlobalAct | None) -> Turn:
    if act == "skip":
        return _skip(script, here, field)
    value = _understood(field, _message(said), here.language)
    if isinstance(value, Problem):
        return _again(script, here, [*_heard_as_message(said), Refuse(value.msgid, value.params)])
    if field.name == CHAT_LANGUAGE:
        return _go_on(script, msgspec.structs.replace(here, language=value), [])
    if field.is_open:
        return _heard(script, here, field, value)
    return _go_on(script, with_answer(here, field.name, value), [])


def _understood(field: Field, message: str, language: str) -> str | Problem:
    """In a chat silence is no answer: a default is taken by skipping, not by an empty message."""
    if not message.strip():
        return missing(field)
    raw = chosen(field.options, message) or message
    return understand_answer(field, raw, language=language) or missing(field)


def _heard(script: Script, here: Position, field: Field, text: str) -> Turn:
    """Free text goes out at once. If the door has to judge it, the question stays until it has."""
    act = step_of(script, here).act
    if act is not None:
        return _answer(here, [Hear(field.name, text), Act(act)], [])
    return _go_on(script, with_answer(here, field.name, GIVEN), [Hear(field.name, text)])


def _skip(script: Script, here: Position, field: Field) -> Turn:
    """A question may be skipped when it is optional, has a default, or was answered before."""
    if field.name not in here.closed and field.required and field.default is None:
        return _again(script, here, [_refused("skip_not_possible")])
    if field.kind == "contact" and field.default is not None and field.name not in here.closed:
        here = with_answer(here, field.name, field.default)  # later questions hang on it
    return _go_on(script, here, [])


def _at_end(script: Script, here: Position, said: Said | Pressed) -> Turn:
    """At the choices of a step, or before its first question."""
    step, message = step_of(script, here), _message(said)
    value = chosen(step.choices, message)
    choice = next((choice for choice in step.choices if choice.value == value), None)
    if choice is not None:
        return _choose(script, here, choice)
    heard = _heard_as_message(said)
    if not step.choices:
        return _enter(script, here, here.step, heard)
    is_answered = bool(heard) and step.listens is not None
    answer = Say(step.listens) if is_answered and step.listens is not None else _refused("choose_one")
    return _again(script, here, [*heard, answer])


def _choose(script: Script, here: Position, choice: Choice) -> Turn:
    if choice.script is not None:
        return _open(here, choice.script)
    if choice.go is not None:
        return _enter(script, here, choice.go)
    if choice.act == LEAVE:
        return _leave(script, here)
    if choice.act == HUMAN:
        return _human(script, here)
    if choice.act == FINISH:
        return _finish(script, here)
    return _answer(here, [Act(choice.act or choice.value)], [])


def _open(here: Position, name: str) -> Turn:
    """Another script from its beginning, in the same language. What was chosen before is forgotten."""
    return start(load(name), here.language, here.channel)


def _leave(_script: Script, here: Position) -> Turn:
    return _answer(beginning(load(WELCOME), here.language, here.channel), [Say(sentences()["stopped"]), Leave()], [])


def _human(script: Script, here: Position) -> Turn:
    return _again(script, here, [Human(), Say(sentences()["human_called"])])


def _menu(_script: Script, here: Position) -> Turn:
    return _open(here, WELCOME)


def _erase(script: Script, here: Position) -> Turn:
    """Inside a mailbox that a code has opened it is that mailbox that is erased, never this chat's own messages."""
    if ERASE in script.steps and here.step != script.first:
        return _enter(script, here, ERASE)
    return _open(here, ERASE)


def _finish(script: Script, here: Position) -> Turn:
    """The same understanding as the page's, of the same answers: so that both channels make the same record."""
    step = script.steps[step_of(script, here).shows or script.first]
    understood = forms.understand(step, counting(step, here.closed), language=here.language)
    if isinstance(understood, Misunderstood):  # a position from before an editor's change: ask what it lacks
        name, refused = next(iter(understood.problems.items()))
        return _again(script, at(here, step, name), [Refuse(refused.msgid, refused.params)])
    answers = {name: value for name, value in understood.answers.items() if name != "text"}
    return _answer(here, [Finish(answers)], [])


def _told(script: Script, here: Position, told: Told) -> Turn:
    what = step_of(script, here).outcomes.get(told.outcome)
    if what is None:
        return _again(script, here, [])
    said: list[Effect] = [Say(what.say, told.params)] if what.say is not None else []
    return _again(script, here, said) if what.go is None else _enter(script, here, what.go, said)


def _back(script: Script, here: Position) -> Turn:
    """To the question before; from the first one to the step before, or to the menu; sealed text is not asked again."""
    step = step_of(script, here)
    earlier = before(step, here.field, here.closed) if here.field else None
    if earlier is not None:
        return _again(script, at(here, step, earlier), [])
    if step.back is None:
        is_first = step.name == script.first and script.name != WELCOME
        return _open(here, WELCOME) if is_first else _again(script, here, [Say(sentences()["no_way_back"])])
    last = before(script.steps[step.back], None, here.closed)
    if last is None:
        return _enter(script, here, step.back)
    return _again(script, at(here, script.steps[step.back], last), [])


def _go_on(script: Script, here: Position, effects: list[Effect]) -> Turn:
    """After an answer: the next question, or the next step."""
    step = step_of(script, here)
    following = after(step, here.field, here.closed)
    if following is not None:
        return _again(script, at(here, step, following), effects)
    if step.next is not None:
        return _enter(script, here, step.next, effects)
    return _again(script, at(here, step, None), effects)


def _enter(script: Script, here: Position, name: str, effects: Iterable[Effect] = ()) -> Turn:
    """The beginning of a step: what it says, then its first question or its choices."""
    step = script.steps[name]
    said: list[Effect] = [*effects, *(Say(msgid) for msgid in step.say), *map(Promised, step.promises)]
    if step.shows_ways:
        said.append(Ways())
    if step.shows is not None:
        shown = script.steps[step.shows]
        closed = {name: value for name, value in counting(shown, here.closed).items() if value != GIVEN}
        said.append(ReadBack(tuple(forms.read_back(shown, closed))))
    return _again(script, at(here, step, after(step, None, here.closed)), said)


def _again(script: Script, here: Position, effects: list[Effect]) -> Turn:
    """Ask the question of this position, or offer the choices of its step."""
    field = field_of(script, here)
    if field is None:
        return _answer(here, effects, [Option(choice.value, choice.label) for choice in step_of(script, here).choices])
    can_skip = not field.required or field.default is not None or field.name in here.closed
    return _answer(here, [*effects, Ask(field)], [*field.options, *([_SKIP] if can_skip else [])])


def _answer(position: Position, effects: list[Effect], options: list[Option]) -> Turn:
    return Turn(position, (*effects, Offer((*options, *_ALWAYS_OFFERED))))


def _refused(name: str) -> Refuse:
    refused = problem(name)
    return Refuse(refused.msgid, refused.params)


_BY_WORD: Mapping[GlobalAct | None, Callable[[Script, Position], Turn]] = {
    "stop": _leave,
    "human": _human,
    "back": _back,
    "menu": _menu,
    "erase": _erase,
}
