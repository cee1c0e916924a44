# SPDX-License-Identifier: AGPL-3.0-or-later
"""A whole chat: it begins with the menu, and every message leads from one position to the next, whatever the script."""

from dataclasses import dataclass
from functools import lru_cache

import msgspec

from safeconduct.dialogue.engine import CHAT_LANGUAGE, WELCOME, advance, start
from safeconduct.dialogue.positions import at, beginning
from safeconduct.dialogue.scripts import SCRIPT_NAMES, Field, Script, load
from safeconduct.dialogue.turns import Input, Position, Told, Turn
from safeconduct.vocabulary.channels import CHANNELS
from safeconduct.vocabulary.contact import WEB

_LANGUAGE = "language"
_LINES = 32  # a line changes what it has when an entry of the board does, not from message to message


@dataclass(frozen=True, slots=True)
class Has:
    """What a line has: the channels it answers by, and the languages it may speak (R4, R12). Nothing else is offered."""

    channels: frozenset[str]
    languages: frozenset[str]


def begin(language: str, channel: str = WEB) -> Turn:
    """The menu in that language. `channel` is where the person writes; the positions that follow keep it."""
    return start(load(WELCOME), language, channel)


def choose_language(channel: str = WEB, *, has: Has | None = None) -> Turn:
    """The question of the language, for when nothing tells it."""
    script = _script(WELCOME, has)
    step = script.steps[_LANGUAGE]
    (field,) = step.fields
    nothing = Told("")  # no outcome of this step: the question is asked, and no more is said
    return advance(script, at(beginning(script, "en", channel), step, field.name), nothing)


def proceed(position: Position, said: Input, *, has: Has | None = None) -> Turn:
    """Answer one input. Total: any position and any input is answered, and nothing raises.

    Without `has` every channel of the registry and every language of the vocabulary is offered.
    """
    name = position.script if position.script in SCRIPT_NAMES else WELCOME
    return advance(_script(name, has), position, said)


@lru_cache(maxsize=_LINES * len(SCRIPT_NAMES))
def _script(name: str, has: Has | None) -> Script:
    script = load(name)
    if has is None:
        return script
    steps = {
        step.name: msgspec.structs.replace(step, fields=tuple(_narrowed(field, has) for field in step.fields))
        for step in script.steps.values()
    }
    return msgspec.structs.replace(script, steps=steps)


def _narrowed(field: Field, has: Has) -> Field:
    """The options that this line has. In which language an operator answers is not narrowed: that is for people."""
    unoffered: set[str] = set()
    if field.kind == "contact":
        unoffered = set(CHANNELS) - has.channels
    elif field.name == CHAT_LANGUAGE:
        unoffered = set(field.values) - has.languages
    options = tuple(option for option in field.options if option.value not in unoffered)
    return msgspec.structs.replace(field, options=options, values=tuple(option.value for option in options))
