# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an alert message says: nothing, to everybody but those who may read the desk.

Each message is one sentence with one word of five letters. Whoever has the desk's card knows which word means that nobody
has to look; an observer of the mailbox sees messages of one size at one pace, and words that never repeat by any rule.
"""

from datetime import UTC, datetime, timedelta

from django.utils.crypto import salted_hmac
from mnemonic import Mnemonic

LETTERS = 5
_WORDS = tuple(word for word in Mnemonic("english").wordlist if len(word) == LETTERS)
_BODY = "The desk runs. The word of this message: {word}. Look in when you can."


def slot_of(now: datetime, every: timedelta) -> int:
    """The message in whose time `now` lies. Slots begin at the same moments whatever happens at the desk."""
    return int(now.timestamp() // every.total_seconds())


def begins(slot: int, every: timedelta) -> datetime:
    """When the message of this slot goes out."""
    return datetime.fromtimestamp(slot * every.total_seconds(), UTC)


def word(transport: str, slot: int, *, looks: bool) -> str:
    """The word of one message: `looks`, or the one for quiet. The two of a slot are never the same."""
    quiet = _pick(transport, slot, "quiet", _WORDS)
    return _pick(transport, slot, "look", [one for one in _WORDS if one != quiet]) if looks else quiet


def body(transport: str, slot: int, *, looks: bool) -> str:
    """The whole message: as long for one meaning as for the other."""
    return _BODY.format(word=word(transport, slot, looks=looks))


def _pick(transport: str, slot: int, meaning: str, words: tuple[str, ...] | list[str]) -> str:
    said = f"{transport}/{slot}/{meaning}"
    digest = salted_hmac("safeconduct/1/alert-word", said, algorithm="sha256").digest()
    return words[int.from_bytes(digest[:8], "big") % len(words)]
