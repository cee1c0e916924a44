# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who seals a chat's messages: this process as long as few come, the crew's as soon as many do.

Many are gathered into few questions, because each question and each answer wakes two processes. Whoever writes alone is
sealed here at once. What a crew cannot do, whatever the reason, is done here.
"""

import asyncio
from typing import NamedTuple

from safeconduct.edge.credentials import EdgeCredentials
from safeconduct.edge.crew import Crew
from safeconduct.edge.frames import envelopes_in
from safeconduct.edge.messages import Message, Messages, seal_message
from safeconduct.vocabulary.secrets import Sealed

TOGETHER = 16  # messages in one question
MANY = 8  # people who write at one moment: a crew begins its work
_INLINE_CHARACTERS = 500  # a longer text is searched for the duress word in a thread, so that it holds up nobody
_SHORT_CHARACTERS = 2_000  # a longer one goes to no crew: questions have a size that they must not exceed


class _Waiting(NamedTuple):
    message: Message
    answer: asyncio.Future[tuple[Sealed, ...] | None]  # None: it is for the asker to do


class Gathering:
    """Seals messages. Without a crew it does so here."""

    def __init__(self, credentials: EdgeCredentials, crew: Crew | None = None) -> None:
        self._credentials = credentials
        self._crew = crew
        self._waiting: list[_Waiting] = []
        self._asking: set[asyncio.Task[None]] = set()

    async def seal(self, message: Message, *, people: int) -> tuple[Sealed, ...]:
        """See `seal_message`; raises what it raises. `people` write at this moment."""
        sealed = None
        if self._crew is not None and people >= MANY:
            self._crew.begin()
        if self._crew is not None and len(message.search.text) <= _SHORT_CHARACTERS:
            sealed = await self._asked(self._crew, message)
        return await self._sealed_here(message) if sealed is None else sealed

    async def _sealed_here(self, message: Message) -> tuple[Sealed, ...]:
        if len(message.search.text) <= _INLINE_CHARACTERS:
            return seal_message(message, self._credentials)
        return await asyncio.to_thread(seal_message, message, self._credentials)

    async def _asked(self, crew: Crew, message: Message) -> tuple[Sealed, ...] | None:
        loop = asyncio.get_running_loop()
        waiting = _Waiting(message, loop.create_future())
        self._waiting.append(waiting)
        if len(self._waiting) == 1:  # what else this turn of the loop brings is asked with it
            loop.call_soon(self._ask, crew)
        elif len(self._waiting) == TOGETHER:
            self._ask(crew)
        return await waiting.answer

    def _ask(self, crew: Crew) -> None:
        together, self._waiting = self._waiting, []
        if not crew.ready or (len(together) == 1 and not crew.outstanding):
            _tell(together, [None] * len(together))
        elif together:
            task = asyncio.create_task(_ask(crew, together))
            self._asking.add(task)
            task.add_done_callback(self._asking.discard)


async def _ask(crew: Crew, together: list[_Waiting]) -> None:
    answers: list[tuple[Sealed, ...]] | None = None
    try:
        answers = await crew.ask(Messages(tuple(one.message for one in together)), envelopes_in)
    finally:
        fits = answers is not None and len(answers) == len(together)
        _tell(together, answers if answers is not None and fits else [None] * len(together))


def _tell(together: list[_Waiting], answers: list[tuple[Sealed, ...]] | list[None]) -> None:
    for waiting, answer in zip(together, answers, strict=True):
        if not waiting.answer.done():  # whoever asked was cancelled
            waiting.answer.set_result(answer)
