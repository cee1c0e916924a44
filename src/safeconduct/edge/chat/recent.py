# SPDX-License-Identifier: AGPL-3.0-or-later
"""Chats that were read or stored a moment ago, so that a burst of messages is not read again from the disk each time.

Only the worker that owns a channel changes its chats. What another can do (erase a conversation, go on with it in another
place) is seen after `FRESH_SECONDS` at the latest; a commit to what was erased is refused by the spool itself.
"""

import time
from collections import OrderedDict

from safeconduct.edge.chat.state import ChatState
from safeconduct.vocabulary.identifiers import ConversationId

FRESH_SECONDS = 5.0
MOST = 2_000


class Recent:
    """By the place of an address, the newest last."""

    def __init__(self) -> None:
        self._chats: OrderedDict[bytes, tuple[ChatState, float]] = OrderedDict()

    def find(self, place: bytes) -> ChatState | None:
        """None for what is not known freshly."""
        state, until = self._chats.get(place, (None, 0.0))
        if state is not None and until > time.monotonic():
            return state
        self.forget(place)
        return None

    def remember(self, place: bytes, state: ChatState, *, read: bool = False) -> None:
        """As it was read, or as it was stored; storing does not make it fresh for longer."""
        _, until = self._chats.pop(place, (None, time.monotonic() + FRESH_SECONDS))
        self._chats[place] = state, time.monotonic() + FRESH_SECONDS if read else until
        while len(self._chats) > MOST:
            self._chats.popitem(last=False)

    def forget(self, place: bytes) -> None:
        self._chats.pop(place, None)

    def forget_stale(self) -> None:
        """What nobody may use any more is not carried about in memory: a chat may have been erased on the web since (R48)."""
        now = time.monotonic()
        for place in [one for one, (_, until) in self._chats.items() if until <= now]:
            self.forget(place)

    def forget_conversation(self, conversation: ConversationId) -> None:
        """It goes on in another chat."""
        for place in [one for one, (state, _) in self._chats.items() if state.conversation == conversation]:
            self.forget(place)

    def clear(self) -> None:
        """Another worker owned the channel meanwhile."""
        self._chats.clear()
