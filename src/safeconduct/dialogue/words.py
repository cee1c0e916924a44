# SPDX-License-Identifier: AGPL-3.0-or-later
"""The few words that work anywhere, in every language at once (`scripts/words.yaml`)."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

import msgspec

from safeconduct.dialogue.duress import words_of
from safeconduct.dialogue.errors import ScriptRefused

GlobalAct = Literal["back", "stop", "human", "skip", "menu", "erase"]
GLOBAL_ACTS: tuple[GlobalAct, ...] = get_args(GlobalAct)
_LONGEST = 60  # characters; a longer message is no command, and need not be taken apart to know it


def global_act(message: str) -> GlobalAct | None:
    """The act that a whole message asks for, if it is one of the words; None for everything else. Total."""
    return words().get(plain(message)) if len(message) <= _LONGEST else None


def plain(message: str) -> str:
    """A message as it is compared with labels and words: no case, no accents, no punctuation."""
    return " ".join(words_of(message))


@cache
def words() -> Mapping[str, GlobalAct]:
    """Plain word -> act. Raises `ScriptRefused` when one word stands under two acts."""
    data = files(__package__).joinpath("scripts", "words.yaml").read_bytes()
    return parse(data)


def parse(data: bytes) -> Mapping[str, GlobalAct]:
    """The words from their YAML. Raises `ScriptRefused`."""
    try:
        read = msgspec.yaml.decode(data, type=dict[GlobalAct, dict[str, tuple[str, ...]]])
    except msgspec.MsgspecError as error:
        raise ScriptRefused(f"words.yaml: {error}") from error
    found: dict[str, GlobalAct] = {}
    for act, languages in read.items():
        for word in (word for listed in languages.values() for word in listed):
            if not plain(word):
                raise ScriptRefused(f"words.yaml: {word!r} has no letters")
            if found.setdefault(plain(word), act) != act:
                raise ScriptRefused(f"words.yaml: {word!r} stands under {found[plain(word)]} and under {act}")
    return found
