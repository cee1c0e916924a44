# SPDX-License-Identifier: AGPL-3.0-or-later
"""A whole chat: it begins with the menu, and every message leads from one position to the next, whatever the script."""

from safeconduct.dialogue.engine import WELCOME, advance, start
from safeconduct.dialogue.positions import at, beginning
from safeconduct.dialogue.scripts import SCRIPT_NAMES, load
from safeconduct.dialogue.turns import Input, Position, Told, Turn
from safeconduct.vocabulary.contact import WEB

_LANGUAGE = "language"


def begin(language: str, channel: str = WEB) -> Turn:
    """The menu in that language. `channel` is where the person writes; the positions that follow keep it."""
    return start(load(WELCOME), language, channel)


def choose_language(channel: str = WEB) -> Turn:
    """The question of the language, for when nothing tells it."""
    script = load(WELCOME)
    step = script.steps[_LANGUAGE]
    (field,) = step.fields
    nothing = Told("")  # no outcome of this step: the question is asked, and no more is said
    return advance(script, at(beginning(script, "en", channel), step, field.name), nothing)


def proceed(position: Position, said: Input) -> Turn:
    """Answer one input. Total: any position and any input is answered, and nothing raises."""
    name = position.script if position.script in SCRIPT_NAMES else WELCOME
    return advance(load(name), position, said)
