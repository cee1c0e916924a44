# SPDX-License-Identifier: AGPL-3.0-or-later
"""The web's way through a step: the whole page at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from safeconduct.dialogue.answers import Answers, Problem, is_missing, missing, understand_answer
from safeconduct.dialogue.scripts import Field, Step

__all__ = ["Answers", "Misunderstood", "Problem", "Read", "Understood", "read_back", "understand"]


@dataclass(frozen=True, slots=True)
class Understood:
    """Every question of the step is answered or may stay open."""

    answers: Answers


@dataclass(frozen=True, slots=True)
class Misunderstood:
    """By field name: what to tell the person beside that question."""

    problems: Mapping[str, Problem]


@dataclass(frozen=True, slots=True)
class Read:
    """One answer read back: the question (msgid) and either an option's label or the answer's own letters."""

    field: Field
    value: str
    label: str | None


def understand(step: Step, raw: Mapping[str, str], *, language: str = "en") -> Understood | Misunderstood:
    """Understand a posted page. Never raises. Unknown names are ignored; answers to questions not shown are dropped.

    `language` is the page's, and the default of the language to reply in.
    """
    answers: dict[str, str] = {}
    problems: dict[str, Problem] = {}
    for field in step.fields:
        if not field.is_shown(answers):
            continue
        value = understand_answer(field, raw.get(field.name, ""), language=language)
        if isinstance(value, Problem):
            problems[field.name] = value
        elif is_missing(field, value, answers):
            problems[field.name] = missing(field)
        elif value is not None:
            answers[field.name] = value
    return Misunderstood(problems) if problems else Understood(answers)


def read_back(step: Step, answers: Answers) -> Iterator[Read]:
    """What was understood, in the order of the questions, for the review step.

    What was neither asked nor answered otherwise than by default is not read back: nobody would know what it means.
    """
    for field in step.fields:
        value = answers.get(field.name)
        if value is not None and (field.is_asked(answers) or value != field.default):
            label = next((option.label for option in field.options if option.value == value), None)
            yield Read(field, value, label)
