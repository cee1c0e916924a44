# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is called, by whom they are reached, and what each phone does now. One phone an operator, one call a phone."""

import asyncio
import contextlib
import re
import secrets
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field

from safeconduct.desk.telephone.calls import Browser, Caller
from safeconduct.desk.telephone.errors import CallOver, Refusal
from safeconduct.desk.telephone.messages import Before, Picture, State

Clock = Callable[[], float]
HANDING_SECONDS = 30.0  # the colleague's telephone rings for twenty
_HAND_OVER = re.compile(r"\*2[0-9]{1,8}#\Z")
_COMMAND = 12  # keys: none is longer


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. A page that has not asked for so long is closed, locked or signed out: nobody listens there any more."""

    page: float = 15.0
    look: float = 1.0
    refusal: float = 0.2  # a refusal within the same moment is missed by a voice channel that has just begun to listen


@dataclass(slots=True, repr=False)
class Talk:
    """One call at one phone."""

    caller: Caller
    rang: float
    name: str = field(default_factory=lambda: secrets.token_hex(8))
    state: State = "ringing"
    browser: Browser | None = None
    up: float | None = None
    ending: Before = ""
    typed: str = ""  # the last keys: somebody may type a command key by key
    handed_at: float | None = None


@dataclass(slots=True, repr=False)
class Phone:
    """One operator's."""

    seen: float
    version: int = field(default_factory=lambda: secrets.randbelow(1 << 30))  # a restart is a change as well
    talk: Talk | None = None
    before: Before = ""
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self) -> None:
        """Something changed: whoever waits for it looks again."""
        self.version += 1
        self.changed.set()
        self.changed = asyncio.Event()


class Switchboard:
    """All phones of this process. `new_browser` makes the side of one operator."""

    def __init__(
        self, new_browser: Callable[[], Browser], *, patience: Patience | None = None, clock: Clock = time.monotonic
    ) -> None:
        self._new_browser = new_browser
        self._patience = patience or Patience()
        self._clock = clock
        self._phones: dict[str, Phone] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    # --- what the voice channel brings ---

    async def ring(self, caller: Caller) -> None:
        """Take a call to its phone and stay with it until it is over. No open page, or busy: declined at once."""
        phone = self._phones.get(caller.told.phone)
        if phone is None or phone.talk is not None or self._is_left(phone):
            await asyncio.sleep(self._patience.refusal)
            await caller.hang_up()
            return
        talk = phone.talk = Talk(caller, self._clock())
        phone.before = ""
        phone.tell()
        await caller.ended.wait()
        phone.before = talk.ending or self._how_it_ended(talk)
        phone.talk = None
        phone.tell()
        if talk.browser:
            await talk.browser.close()

    # --- what an operator's page asks ---

    async def look(self, name: str, known: int, wait: float) -> Picture:
        phone = self._phones.get(name)
        if phone is None:
            phone = self._phones[name] = Phone(self._clock())
        phone.seen = self._clock()
        if known == phone.version and wait > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(phone.changed.wait(), wait)
        return self._picture(phone)

    async def answer(self, name: str, call: str, offer: str) -> str:
        """Connect the browser first and the caller after it, so that no first word is lost. Raises `Refusal`."""
        phone, talk = self._find(name, call)
        if talk.state != "ringing":
            raise Refusal("too late")
        talk.state, talk.browser = "connecting", self._new_browser()
        phone.tell()
        try:
            half = await talk.browser.accept(offer)
        except Refusal:
            await self._ring_again(phone, talk)
            raise
        self._start(self._connect(phone, talk, talk.browser))
        return half

    async def hang_up(self, name: str, call: str) -> None:
        """Over already, or another's, is fine: nothing happens then."""
        with contextlib.suppress(Refusal):
            _, talk = self._find(name, call)
            talk.ending = "self"
            await talk.caller.hang_up()

    async def hold(self, name: str, call: str, *, on: bool) -> None:
        """Raises `Refusal`."""
        phone, talk = self._find(name, call)
        if talk.browser is None or talk.state not in ("talking", "held"):
            raise Refusal("not possible now")
        talk.browser.pause(on=on)  # first: what is said from here on is not for the caller, whatever the network does
        try:
            await talk.caller.hold(on=on)
        except Refusal:
            talk.browser.pause(on=talk.state == "held")
            raise
        talk.state = "held" if on else "talking"
        phone.tell()

    async def press(self, name: str, call: str, keys: str) -> None:
        """Raises `Refusal`."""
        _, talk = self._find(name, call)
        if talk.state not in ("talking", "held"):
            raise Refusal("not possible now")
        await talk.caller.press(keys)
        talk.typed = (talk.typed + keys)[-_COMMAND:]
        if _HAND_OVER.search(talk.typed):
            talk.handed_at = self._clock()

    # --- the process's own ---

    async def watch(self) -> None:
        """Runs for ever: ends the calls of pages that have gone, and forgets phones that nobody looks at."""
        while True:
            await asyncio.sleep(self._patience.look)
            for name, phone in list(self._phones.items()):
                if not self._is_left(phone):
                    continue
                if phone.talk is None:
                    del self._phones[name]
                else:
                    await self._lose(phone.talk)

    async def close(self) -> None:
        for phone in list(self._phones.values()):
            if phone.talk:
                await phone.talk.caller.hang_up()
                if phone.talk and phone.talk.browser:
                    await phone.talk.browser.close()

    async def _connect(self, phone: Phone, talk: Talk, browser: Browser) -> None:
        if not await browser.connected():
            await self._ring_again(phone, talk)
            return
        try:
            await talk.caller.answer()
        except CallOver:
            return  # `ring` tells it
        browser.join(talk.caller.voice)
        talk.state, talk.up = "talking", self._clock()
        phone.tell()
        await browser.ended.wait()
        if not talk.ending:
            await self._lose(talk)

    def _how_it_ended(self, talk: Talk) -> Before:
        """The line ends our call alike when a colleague took the caller over and when the caller hung up."""
        if talk.up is None:
            return "missed"
        is_handed = talk.handed_at is not None and self._clock() - talk.handed_at < HANDING_SECONDS
        return "handed" if is_handed else "caller"

    async def _lose(self, talk: Talk) -> None:
        talk.ending = "lost"
        await talk.caller.lose()

    async def _ring_again(self, phone: Phone, talk: Talk) -> None:
        """The browser's side did not come about: the caller still waits, and the operator may try again."""
        browser, talk.browser = talk.browser, None
        if phone.talk is talk:
            talk.state, phone.before = "ringing", "silent"
            phone.tell()
        if browser:
            await browser.close()

    def _find(self, name: str, call: str) -> tuple[Phone, Talk]:
        phone = self._phones.get(name)
        if phone is None or phone.talk is None or phone.talk.name != call:
            raise Refusal("unknown call")
        return phone, phone.talk

    def _is_left(self, phone: Phone) -> bool:
        return self._clock() - phone.seen > self._patience.page

    def _picture(self, phone: Phone) -> Picture:
        talk, now = phone.talk, self._clock()
        if talk is None:
            return Picture(phone.version, "idle", before=phone.before)
        told, waited = talk.caller.told, talk.caller.told.waited
        return Picture(
            phone.version,
            talk.state,
            call=talk.name,
            language=told.language,
            conversation=told.conversation,
            waited=None if waited is None else waited + int((talk.up or now) - talk.rang),
            lasts=int(now - talk.up) if talk.up is not None else 0,
            before=phone.before,
        )

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
