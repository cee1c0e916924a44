# SPDX-License-Identifier: AGPL-3.0-or-later
"""A code, or what may have been meant as one, is for nobody's eyes; anything else that a person writes reaches the operators."""

from safeconduct.dialogue.conversation import proceed
from safeconduct.dialogue.engine import start
from safeconduct.dialogue.scripts import load
from safeconduct.dialogue.turns import Hear, Position, Said, Turn
from safeconduct.sealing import receipts
from safeconduct.sealing.errors import ReceiptMalformed, ReceiptSlip
from safeconduct.sealing.receipts import Receipt

JUDGED = frozenset({"receipt", "last_group"})  # answers that the door itself judges
_INBOX = "inbox"
_HARMLESS_DIGITS = 12  # a telephone number's; the rest of a code could not be guessed


def read_code(typed: str) -> Receipt:
    """Digits in any script, or seven words. Raises `ReceiptMalformed` or `ReceiptSlip`."""
    if any(char.isalpha() for char in typed):
        return receipts.from_words(typed)
    return Receipt.parse(typed)


def is_code(text: str) -> bool:
    """Whether all of it is a code, with a slip perhaps. Not seven letters run together: in Chinese a sentence is that."""
    try:
        read_code(text)
    except ReceiptSlip:
        return True
    except ReceiptMalformed:
        return False
    return not text.strip().isalpha()


def resembles_code(text: str) -> bool:
    """Whether it may have been meant as one: mistyped, cut short. What is clearly none is somebody's words."""
    digits = sum(char.isdecimal() for char in text)
    if digits > _HARMLESS_DIGITS:
        return True
    if not any(char.isalpha() for char in text):
        return digits > 0
    return receipts.resembles_words(text)


def at_code_question(turn: Turn, text: str | None) -> Turn:
    """The turn; but a code that was sent where none was asked for goes where codes go."""
    is_heard = any(isinstance(effect, Hear) and effect.field not in {*JUDGED, "duress_word"} for effect in turn.effects)
    return opened_by(turn.position, text) if is_heard and text and is_code(text) else turn


def opened_by(position: Position, text: str) -> Turn:
    """As if it had been asked for."""
    asked = start(load(_INBOX), position.language, position.channel)
    return proceed(asked.position, Said(text))
