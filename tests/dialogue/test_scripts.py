# SPDX-License-Identifier: AGPL-3.0-or-later
import re
from importlib.resources import files

import pytest

from safeconduct.dialogue.errors import ScriptRefused
from safeconduct.dialogue.scripts import (
    SCRIPT_NAMES,
    Choice,
    Field,
    Option,
    Outcome,
    Promise,
    Step,
    load,
    msgids,
    parse,
    sentences,
)
from safeconduct.dialogue.words import GLOBAL_ACTS
from safeconduct.vocabulary.applications import HEAD_COUNT_MAX, ApplicationType, Stage
from safeconduct.vocabulary.contact import TIMEZONES
from safeconduct.vocabulary.languages import LANGUAGES
from safeconduct.vocabulary.records import TEXT_MAX

REQUIRED_OF_ALL = {"type", "stage", "language", "contact"}
# Of a chosen channel the safe-contact rule needs its hours; a unit says how many it is.
REQUIRED_OF_SOME = {"contact_from", "contact_to", "contact_zone", "neutral_text", "head_count"}
SMALL = """
script: small
first: one
steps:
  - name: one
    title: "One"
    fields:
      - {{ name: colour, kind: choice, ask: "Which?", options: [{{ value: red, label: "Red" }}] }}
      - {{ name: why, kind: text, ask: "Why?", max: 10, shown_when: {{ {condition} }} }}
    next: {next}
"""


@pytest.mark.rule("R2")
def test_an_application_requires_type_language_stage_and_the_safe_contact_rule_and_nothing_more() -> None:
    fields = load("apply").steps["application"].fields
    required = {field.name for field in fields if field.required}
    assert required == REQUIRED_OF_ALL | REQUIRED_OF_SOME
    unconditional = {field.name for field in fields if field.required and field.is_asked({"contact": "web"})}
    assert unconditional == REQUIRED_OF_ALL
    assert {field.name for field in fields} - required == {"text", "duress_word"}


@pytest.mark.rule("R3")
def test_no_question_asks_for_places_plans_weapons_or_other_people() -> None:
    operational = re.compile(
        r"\b(where|position|place|coordinates?|address|plans?|orders?|weapons?|arms|ammunition|unit|commanders?|comrades?"
        r"|names?|numbers? of|who else|others?|they|them)\b",
        re.IGNORECASE,
    )
    asked = [field.ask for name in SCRIPT_NAMES for step in load(name).steps.values() for field in step.fields]
    assert [sentence for sentence in asked if operational.search(sentence)] == []


@pytest.mark.rule("R11")
def test_the_application_says_when_protection_starts_before_it_asks() -> None:
    said = " ".join(load("apply").steps["application"].say)
    assert "does not protect you yet" in said
    assert "Protection starts when you clearly show that you surrender" in said
    assert "We cannot promise that nobody finds out" in said


@pytest.mark.rule("R11")
def test_no_sentence_of_the_scripts_promises_immunity_or_secrecy() -> None:
    promise = re.compile(r"\b(safe|guarantee\w*|secret|immun\w*|anonymous\w*|confidential\w*|amnesty)\b", re.IGNORECASE)
    said = [msgid for name in SCRIPT_NAMES for msgid in msgids(load(name))] + list(sentences().values())
    assert [sentence for sentence in said if promise.search(sentence)] == []


@pytest.mark.rule("R42")
def test_no_sentence_of_the_scripts_offers_service_in_armed_forces() -> None:
    offer = re.compile(r"\b(join|enlist\w*|serve|service|fight for|recruit\w*|legion|volunteer)\b", re.IGNORECASE)
    forbids = "Nobody may make you serve in the forces of the other side."  # article 130: the opposite of an offer
    said = {msgid for name in SCRIPT_NAMES for msgid in msgids(load(name))} - {forbids}
    assert [msgid for msgid in said if offer.search(msgid)] == []


def test_what_is_stored_is_what_the_vocabulary_knows() -> None:
    step = load("apply").steps["application"]
    values = {field.name: field.values for field in step.fields}
    assert set(values["type"]) == {kind.value for kind in ApplicationType}
    assert set(values["stage"]) == {stage.value for stage in Stage}
    assert values["language"] == tuple(LANGUAGES)
    assert values["contact_zone"] == TIMEZONES
    assert {field.name: field.max for field in step.fields if field.max} == {
        "head_count": HEAD_COUNT_MAX,
        "text": TEXT_MAX,
        "duress_word": 40,
    }


@pytest.mark.parametrize("name", SCRIPT_NAMES)
def test_no_stored_value_can_be_taken_for_a_word_that_works_everywhere(name: str) -> None:
    steps = load(name).steps.values()
    values = {option.value for step in steps for field in step.fields for option in field.options}
    values |= {choice.value for step in steps for choice in step.choices}
    assert values.isdisjoint(GLOBAL_ACTS)


@pytest.mark.parametrize(
    ("next_step", "condition", "complaint"),
    [
        ("two", "colour: [red]", "leads to no step: two"),
        ("one", "colour: [blue]", "names no earlier answer"),
        ("one", "shape: [round]", "names no earlier answer"),
        ("one, surprise: 1", "colour: [red]", "mapping values|unknown field"),
    ],
)
def test_a_script_that_does_not_hold_together_is_refused(next_step: str, condition: str, complaint: str) -> None:
    assert parse(SMALL.format(next="one", condition="colour: [red]").encode()).first == "one"
    broken = SMALL.format(next=next_step, condition=condition)
    if "surprise" in next_step:
        broken = broken.replace("next: one, surprise: 1", "next: one\n    surprise: 1")
    with pytest.raises(ScriptRefused, match=complaint):
        parse(broken.encode())


def test_every_key_that_an_editor_may_use_is_explained_in_the_head_of_a_script() -> None:
    folder = files("safeconduct.dialogue").joinpath("scripts")
    heads = "".join(folder.joinpath(f"{name}.yaml").read_text("utf-8").split("\nscript:")[0] for name in SCRIPT_NAMES)
    keys = {key for kind in (Step, Field, Option, Choice, Outcome, Promise) for key in kind.__struct_fields__}
    ours = {"values"}  # filled in by `parse`
    assert {key for key in keys - ours if f"`{key}" not in heads} == set()


def test_every_step_can_be_reached() -> None:
    for script in map(load, SCRIPT_NAMES):
        reached, ahead = set(), [script.first]
        while ahead:
            step = script.steps[ahead.pop()]
            reached.add(step.name)
            targets = [step.next, *(c.go for c in step.choices), *(o.go for o in step.outcomes.values())]
            ahead += [target for target in targets if target is not None and target not in reached]
        assert reached == set(script.steps)
