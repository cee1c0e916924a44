# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a caller hears while they wait for a person, and the way from there to the person, or to a message."""

import asyncio
from collections.abc import Mapping, Sequence

from safeconduct.dialogue.scripts import counted_hotline, hotline
from safeconduct.edge.channels.voice.engine import Call, Engine
from safeconduct.edge.channels.voice.keys import Keys
from safeconduct.edge.channels.voice.operating import Talk
from safeconduct.edge.channels.voice.places import Counted, Report, Said, Words
from safeconduct.edge.channels.voice.screens import named
from safeconduct.edge.channels.voice.sounds import ringing
from safeconduct.edge.channels.voice.speaker import Speaker, Speechless
from safeconduct.edge.channels.voice.waiting import Reached, Switchboard, Waiter
from safeconduct.speech.wording import LONGEST_QUEUE, LONGEST_WAIT

OFFER_SECONDS = 180.0  # so often somebody whose place does not change is offered to leave a message
_TICK_SECONDS = 4.0
_COMFORT_TICKS = 5
_AT_ONCE_SECONDS = 0.3


async def wait_and_talk(  # noqa: PLR0913 - who takes part, by name
    call: Call, keys: Keys, speaker: Speaker, switchboard: Switchboard, engine: Engine, *, headers: Mapping[str, str],
    languages: Sequence[str],
) -> Report:  # fmt: skip
    """Until the person has ended the talk, or the caller wants something else. Raises `Ended`."""
    waiter = switchboard.join(speaker.language, headers)
    try:
        while True:
            found = await _wait(call, keys, speaker, switchboard, waiter)
            if isinstance(found, Report):
                return found
            talk = Talk(
                call, keys, found, waiter, engine=engine, switchboard=switchboard, sound_of=speaker.sound_of,
                languages=languages,
            )  # fmt: skip
            if await talk.run():
                return Report.TALKED
            switchboard.first_again(waiter)
            _say(speaker, call, named("operator_gone"))
    finally:
        switchboard.leave(waiter)


async def _wait(call: Call, keys: Keys, speaker: Speaker, switchboard: Switchboard, waiter: Waiter) -> Reached | Report:
    finding = asyncio.create_task(switchboard.find(waiter))
    try:
        await asyncio.wait({finding}, timeout=_AT_ONCE_SECONDS)
        report = await _until_found(finding, call, keys, speaker, switchboard, waiter)
        if report is not None:
            return report
        call.stop_playing()
        return finding.result() or Report.NOBODY
    except BaseException:
        await _let_go(finding, switchboard)
        raise
    finally:
        finding.cancel()


async def _let_go(finding: "asyncio.Task[Reached | None]", switchboard: Switchboard) -> None:
    """The caller has gone, perhaps in the moment in which somebody answered."""
    finding.cancel()
    await asyncio.wait({finding})  # and not `await finding`: our own end must not be taken for its end
    if finding.cancelled() or finding.exception() is not None or (reached := finding.result()) is None:
        return
    switchboard.free(reached.phone)
    await reached.call.hang_up()


async def _until_found(  # noqa: PLR0913, PLR0917
    finding: "asyncio.Task[Reached | None]", call: Call, keys: Keys, speaker: Speaker, switchboard: Switchboard,
    waiter: Waiter,
) -> Report | None:  # fmt: skip
    """None when `finding` is done; else what the caller wanted instead."""
    ticks, told, offered = 0, 0, asyncio.get_running_loop().time()
    while not finding.done():
        now, position = asyncio.get_running_loop().time(), switchboard.position(waiter)
        if waiter.is_ringing:
            _say(speaker, call, [] if ticks else named("connecting"))
            call.play(ringing(call.rate))
        elif position != told or now - offered >= OFFER_SECONDS:
            told, offered = position, now
            _say(speaker, call, await _place(switchboard, waiter))
        elif ticks % _COMFORT_TICKS == 0:
            _say(speaker, call, named("please_wait"))
        ticks += 1
        await asyncio.wait({finding, keys.waiting()}, timeout=_TICK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if keys.waiting().done() and not finding.done():
            report = {"3": Report.LEFT, "*": Report.TALKED}.get(await keys.next(None) or "")
            if report is not None:
                await _let_go(finding, switchboard)
                return report
    return None


async def _place(switchboard: Switchboard, waiter: Waiter) -> list[Said]:
    """Nothing that is not known: no number beyond those that can be said, no time without a basis for it."""
    position, minutes = switchboard.position(waiter), await switchboard.minutes(waiter)
    says: list[Said] = []
    if position <= LONGEST_QUEUE:
        says.append(Words(hotline()["queue_position"], {"position": position}))
    if minutes is None or minutes > LONGEST_WAIT:
        says += named("queue_unknown")
    else:
        says.append(Counted(*counted_hotline()["queue_wait"], minutes))
    return [*says, *named("queue_leave")]


def _say(speaker: Speaker, call: Call, says: Sequence[Said]) -> None:
    """Without waiting: the person may answer meanwhile. Where nothing can be said, it rings."""
    try:
        speaker.begin(says)
    except Speechless:
        call.play(ringing(call.rate))
