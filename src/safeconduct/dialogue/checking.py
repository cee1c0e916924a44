# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an editor should know before a script is used: each line names the file, the step and the mend.

`scripts.parse` has refused already what cannot be read; here stands what can be read and would still fail a person.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from safeconduct.dialogue.engine import ALWAYS, ERASE, FINISH, HUMAN, LEAVE, WELCOME
from safeconduct.dialogue.scripts import Choice, Option, Script, Step, msgids, sentences
from safeconduct.dialogue.texts import Texts, placeholders
from safeconduct.dialogue.words import GLOBAL_ACTS, GlobalAct, global_act, plain

_OWN_ACTS = {FINISH, LEAVE, HUMAN}  # the engine's; every other act needs an outcome
_BUTTONS: tuple[GlobalAct, ...] = (*ALWAYS, "skip")  # they stand under every question, and are typed as well
_MEANS: Mapping[str, GlobalAct] = {
    "Erase everything": "erase",
    "Talk to a person": "human",
}  # a label that is also a word


def complaints(
    scripts: Mapping[str, Script], languages: Sequence[Texts], *, limits: Mapping[str, int]
) -> Iterator[str]:
    """Everything that is wrong. `limits` are the characters of one message, by channel."""
    yield from _unreachable_scripts(scripts)
    for name, script in scripts.items():
        yield from _of_script(name, script, scripts)
    yield from _of_promises(scripts)
    for language in languages:
        yield from _of_buttons(language)
    for name, script in scripts.items():
        for language in languages:
            yield from _of_texts(name, script, language, limits)
            yield from _alike(name, script, language)


def _of_script(name: str, script: Script, scripts: Mapping[str, Script]) -> Iterator[str]:
    if script.name != name:
        yield f"{name}.yaml: calls itself `{script.name}`; the name of the file and `script` must be the same"
    for missed in sorted(set(script.steps) - _reached(script)):
        yield f"{name}.yaml, step {missed}: nothing leads here; name it in a `go`, a `next` or an outcome, or remove it"
    for step in script.steps.values():
        yield from (f"{name}.yaml, step {step.name}: {what}" for what in _of_step(step, scripts))


def _of_step(step: Step, scripts: Mapping[str, Script]) -> Iterator[str]:
    if not step.choices and not step.fields:
        yield "a dead end: it needs a question or choices"
    if step.fields and not (step.choices or step.next or step.act):
        yield "nothing follows the last answer; say `next`, `act` or `choices`"
    acts = [act for act in [step.act, *(choice.act for choice in step.choices)] if act is not None]
    if any(act not in _OWN_ACTS - {FINISH} for act in acts) and not step.outcomes:
        yield "the door acts here and has nothing to say of it; name the `outcomes`"
    for choice in step.choices:
        where = f"choice {choice.value}"
        if sum(what is not None for what in (choice.go, choice.act, choice.script)) != 1:
            yield f"{where}: needs exactly one of `go`, `act`, `script`"
        if choice.script is not None and choice.script not in scripts:
            yield f"{where}: opens no script: {choice.script}"
        if choice.value in GLOBAL_ACTS:
            yield f"{where}: this value is a word that works everywhere (words.yaml); choose another"
    for value, times in Counter(choice.value for choice in step.choices).items():
        if times > 1:
            yield f"choice {value}: stands twice"


def _reached(script: Script) -> set[str]:
    reached: set[str] = set()
    ahead = [script.first]
    while ahead:
        step = script.steps[ahead.pop()]
        reached.add(step.name)
        targets = [step.next, *(choice.go for choice in step.choices), *(out.go for out in step.outcomes.values())]
        ahead += [target for target in targets if target is not None and target not in reached]
    return reached


def _unreachable_scripts(scripts: Mapping[str, Script]) -> Iterator[str]:
    reached, ahead = set(), [name for name in (WELCOME, ERASE) if name in scripts]
    while ahead:
        name = ahead.pop()
        reached.add(name)
        opened = {choice.script for step in scripts[name].steps.values() for choice in step.choices}
        ahead += [other for other in opened if other is not None and other in scripts and other not in reached]
    for name in scripts:
        if name not in reached:
            yield f"{name}.yaml: no chat leads here; let a choice of {WELCOME}.yaml open it (`script: {name}`)"


def _of_promises(scripts: Mapping[str, Script]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for name, script in scripts.items():
        for step in script.steps.values():
            where = f"{name}.yaml, step {step.name}"
            for promise in step.promises:
                if not promise.id or not promise.articles:
                    yield f"{where}: a promise needs an `id` and its `articles`: {promise.text}"
                elif promise.id in seen:
                    yield f"{where}: the promise {promise.id} stands already in {seen[promise.id]}"
                seen.setdefault(promise.id, where)


def _of_texts(name: str, script: Script, language: Texts, limits: Mapping[str, int]) -> Iterator[str]:
    missing = set(language.missing)
    for msgid in dict.fromkeys(msgids(script)):
        if msgid in missing:
            yield f"{name}.yaml: missing in {language.tag}: {msgid}"
            continue
        said = language.say(msgid, **dict.fromkeys(placeholders(msgid), ""))
        for channel, limit in limits.items():
            if len(said) > limit:
                yield f"{name}.yaml: {len(said)} characters in {language.tag}, {channel} carries {limit}: {msgid}"
    for label in _labels(script):
        act = None if label in missing else global_act(language.say(label))
        if act is not None and act != _MEANS.get(label):
            yield f"{name}.yaml: in {language.tag} the answer “{label}” is the word for `{act}` (words.yaml)"


def _of_buttons(language: Texts) -> Iterator[str]:
    for act in _BUTTONS:
        button = language.say(sentences()[act])
        if global_act(button) != act:
            yield f"words.yaml: the button “{button}” in {language.tag} must be one of the words for `{act}`"


def _alike(name: str, script: Script, language: Texts) -> Iterator[str]:
    """Two answers of one question in the same words: whoever types them would choose neither."""
    for step in script.steps.values():
        for offered in _offered(step):
            said = Counter(plain(language.say(label)) for label in {one.label for one in offered})
            for words in (words for words, times in said.items() if times > 1):
                yield f"{name}.yaml, step {step.name}: in {language.tag} two answers are called “{words}”"


def _offered(step: Step) -> Iterator[Sequence[Choice | Option]]:
    yield step.choices
    yield from (field.options for field in step.fields)


def _labels(script: Script) -> Iterator[str]:
    for step in script.steps.values():
        yield from (choice.label for choice in step.choices)
        yield from (option.label for field in step.fields for option in field.options if field.kind != "language")
