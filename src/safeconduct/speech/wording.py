# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a call can say: each sentence with its numbers filled in, so that no prompt is glued from pieces."""

from collections.abc import Iterator, Mapping
from functools import cache

from safeconduct.dialogue.scripts import Promise, counted_hotline, hotline, load, sentences
from safeconduct.dialogue.texts import Texts, placeholders, texts

LONGEST_QUEUE = 20  # places; who stands further back hears the sentence without a number
LONGEST_WAIT = 30  # minutes; likewise
HIGHEST_NUMBER = 60
LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ANSWERED = ("inbox", "apply", "welcome", "relative", "check", "erase")  # of which it says what came of an act
_SENTENCES = (
    "stopped",
    "human_called",
    "no_way_back",
    "wipes_nothing",
    "file_stored",
    "file_too_large",
    "file_not_taken",
    "files_not_possible",
    "not_stored",
    "answer_needed",
)


@cache
def required(language: str) -> tuple[str, ...]:
    """Every text that a call in this language may have to say, each once. Raises `UnknownLanguage`."""
    return tuple(dict.fromkeys(text for texts_of_part in parts(language).values() for text in texts_of_part))


@cache
def parts(language: str) -> Mapping[str, tuple[str, ...]]:
    """The same by where it is said, in the order in which an editor listens."""
    voice = texts(language)
    return {
        "now": tuple(_told(voice, "instructions")),
        "hotline": tuple(_hotline(voice)),
        "treatment": tuple(_told(voice, "treatment")),
        "answers": (*_answered(voice), *_sentences(voice)),
        "signs": (*numbers(), *LETTERS),
    }


def numbers() -> tuple[str, ...]:
    """Numbers as they are written; digits of a code or of a telephone number are said one by one."""
    return tuple(str(number) for number in range(HIGHEST_NUMBER + 1))


def queue_position(voice: Texts, position: int) -> str | None:
    """The sentence, or None for a place beyond those that have a prompt."""
    if not 1 <= position <= LONGEST_QUEUE:
        return None
    return voice.say(hotline()["queue_position"], position=position)


def queue_wait(voice: Texts, minutes: int) -> str | None:
    """The sentence, or None for a wait beyond those that have a prompt."""
    if not 1 <= minutes <= LONGEST_WAIT:
        return None
    return voice.plural(*counted_hotline()["queue_wait"], minutes)


def _hotline(voice: Texts) -> Iterator[str]:
    for name, msgid in hotline().items():
        if name == "language_key":
            yield from (voice.say(msgid, key=key) for key in range(10))
        elif name == "queue_position":
            yield from (voice.say(msgid, position=place) for place in range(1, LONGEST_QUEUE + 1))
        else:
            yield voice.say(msgid)
    for one, many in counted_hotline().values():
        yield from (voice.plural(one, many, minutes) for minutes in range(1, LONGEST_WAIT + 1))


def _told(voice: Texts, script: str) -> Iterator[str]:
    """Every sentence of it."""
    for step in load(script).steps.values():
        yield voice.say(step.title)
        yield from map(voice.say, step.say)
        for promise in step.promises:
            yield voice.say(promise.text)
            yield _article(voice, promise)
        yield from (voice.say(choice.label) for choice in step.choices)


def _answered(voice: Texts) -> Iterator[str]:
    for name in _ANSWERED:
        for step in load(name).steps.values():
            said = [step.listens, *(outcome.say for outcome in step.outcomes.values())]
            yield from (voice.say(msgid) for msgid in said if msgid is not None and not placeholders(msgid))


def _sentences(voice: Texts) -> Iterator[str]:
    for name in _SENTENCES:
        msgid = sentences()[name]
        if not placeholders(msgid):
            yield voice.say(msgid)


def _article(voice: Texts, promise: Promise) -> str:
    named = ", ".join(map(str, promise.articles))
    if promise.law != "GC III":
        return voice.say(sentences()["article_of_protocol"], article=named)
    if len(promise.articles) == 1:
        return voice.say(sentences()["article"], article=named)
    return voice.say(sentences()["articles"], articles=named)
