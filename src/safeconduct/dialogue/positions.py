# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a person is in a script, and how a position that is not sound is mended. No free text can hide in one."""

from collections.abc import Mapping

import msgspec

from safeconduct.dialogue.answers import understand_answer
from safeconduct.dialogue.scripts import Field, Script, Step
from safeconduct.dialogue.turns import Position
from safeconduct.vocabulary.channels import CHANNELS
from safeconduct.vocabulary.contact import WEB
from safeconduct.vocabulary.languages import LANGUAGES

GIVEN = "given"  # all that a position says of free text


def beginning(script: Script, language: str, channel: str = WEB) -> Position:
    """Before the first step of a script."""
    return Position(
        script=script.name,
        step=script.first,
        field=None,
        language=language if language in LANGUAGES else "en",
        channel=channel if channel in CHANNELS else WEB,
    )


def at(here: Position, step: Step, field: str | None) -> Position:
    """The same person at another question of the same script."""
    return msgspec.structs.replace(here, step=step.name, field=field)


def with_answer(here: Position, name: str, value: str) -> Position:
    """The position with one answer more, or with a changed one."""
    return msgspec.structs.replace(here, closed={**here.closed, name: value})


def step_of(script: Script, here: Position) -> Step:
    """The step of a sound position."""
    return script.steps[here.step]


def field_of(script: Script, here: Position) -> Field | None:
    """The question of a sound position. A chat's own channel is the default of how the person may be reached."""
    field = None if here.field is None else step_of(script, here).field(here.field)
    if field is not None and field.kind == "contact" and here.channel in field.values:
        return msgspec.structs.replace(field, default=here.channel)
    return field


def after(step: Step, name: str | None, closed: Mapping[str, str]) -> str | None:
    """The question that follows; the step's first for None. None after the last."""
    names = [field.name for field in step.fields]
    start_at = names.index(name) + 1 if name is not None else 0
    return next((field.name for field in step.fields[start_at:] if may_ask(field, closed)), None)


def before(step: Step, name: str | None, closed: Mapping[str, str]) -> str | None:
    """The question before; the step's last for None."""
    names = [field.name for field in step.fields]
    stop_at = names.index(name) if name is not None else len(names)
    return next((field.name for field in reversed(step.fields[:stop_at]) if may_ask(field, closed)), None)


def may_ask(field: Field, closed: Mapping[str, str]) -> bool:
    """Text that is sealed already is not asked for again."""
    is_sealed_text = field.is_open and field.words is None and closed.get(field.name) == GIVEN
    return field.is_asked(closed) and not is_sealed_text


def counting(step: Step, closed: Mapping[str, str]) -> dict[str, str]:
    """The answers that still count: an earlier answer that was changed may have made a later one meaningless."""
    return {field.name: closed[field.name] for field in step.fields if field.name in closed and field.is_asked(closed)}


def mended(script: Script, position: Position) -> Position:
    """Only what this script knows. Whatever is not a closed choice of it is dropped, so that no free text can hide."""
    here = beginning(script, position.language, position.channel)
    if position.script != script.name or position.step not in script.steps:
        return here
    step = script.steps[position.step]
    closed = _sound(script, position.closed)
    field = step.field(position.field) if position.field is not None else None
    asked = field.name if field is not None and may_ask(field, closed) else None
    return msgspec.structs.replace(here, step=step.name, field=asked, closed=closed)


def _sound(script: Script, closed: Mapping[str, str]) -> dict[str, str]:
    fields = {field.name: field for step in script.steps.values() for field in step.fields}
    return {name: value for name, value in closed.items() if name in fields and _is_closed(fields[name], value)}


def _is_closed(field: Field, value: str) -> bool:
    return value == GIVEN if field.is_open else understand_answer(field, value, language="") == value
