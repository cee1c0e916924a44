# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct chat`: the whole dialogue in a terminal, stored and answered like any other, in a demonstration."""

import asyncio
import contextlib
import fcntl
import logging
import os
import signal
from collections.abc import Callable, Coroutine, Iterator
from typing import Annotated

import typer

from safeconduct.cli.errors import CliError
from safeconduct.cli.places import Places, places
from safeconduct.cli.up import is_running
from safeconduct.dialogue.conversation import choose_language, proceed
from safeconduct.dialogue.speaking import speak
from safeconduct.dialogue.turns import Act, Finish, Said, Told, Turn
from safeconduct.edge.channels.terminal import screen as terminal_screen
from safeconduct.edge.channels.terminal.channel import FACTS, Terminal
from safeconduct.edge.channels.terminal.screen import Screen
from safeconduct.edge.chat.run import line_of
from safeconduct.edge.chat.worker import Worker
from safeconduct.edge.errors import EdgeError

_Chat = Callable[[Screen], Coroutine[None, None, None]]
_LEASE_NOTICED_S = 2.0
_WELCOME = """This is a demonstration: never use it for a real person.
Write, and press Enter. 0 shows the choices. Ctrl-D leaves."""
_WELCOME_DRY = """This is a rehearsal of the scripts: nothing is stored, and nobody answers.
Write, and press Enter. 0 shows the choices. Ctrl-D leaves."""
_LEFT = "You have left. The next chat begins anew; who has a code can go on with it there, or in the inbox on the web."
_LEFT_DRY = "You have left. Nothing was stored."
_TAKES_OVER = "The last chat was cut off. Yours begins in half a minute."
_REHEARSED = {
    "open": "unknown",
    "look": "empty",
    "show_code": "none",
    "confirm": "right",
    "erase": "erased",
    "wipe": "cannot_wipe",
}


def command(
    *,
    dry: Annotated[bool, typer.Option("--dry", help="Only the scripts: nothing is stored, nobody answers.")] = False,
) -> None:
    """Chat with the line as a person would. Ctrl-D or Ctrl-C leaves."""
    if dry:
        _converse(_rehearse, welcome=_WELCOME_DRY, farewell=_LEFT_DRY)
        return
    here = places()
    _refuse_without_a_demonstration(here)
    with _only_chat(here):
        _converse(_chat, welcome=_WELCOME, farewell=_LEFT)


def _refuse_without_a_demonstration(here: Places) -> None:
    if not here.is_demonstration:
        raise CliError("there is no demonstration here: start one with `make up`, or try the scripts with --dry")
    if not is_running(here):
        raise CliError("the demonstration is not running: start it with `make up`, leave it open, and chat beside it")


@contextlib.contextmanager
def _only_chat(here: Places) -> Iterator[None]:
    """One process owns a channel: a second one would wait in silence for as long as the first lasts."""
    lock = os.open(here.home / "chat.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise CliError("there is a chat in another terminal: leave it there with Ctrl-D, then begin here") from error
    else:
        yield
    finally:
        os.close(lock)


def _converse(chat: _Chat, *, welcome: str, farewell: str) -> None:
    with terminal_screen.opened() as screen:
        logging.getLogger("safeconduct").addHandler(_Trouble(screen))
        screen.show(welcome, style="dim")
        with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
            asyncio.run(_until_left(chat(screen)))
    screen.leave()
    screen.show(farewell, style="dim")


async def _until_left(chat: Coroutine[None, None, None]) -> None:
    """A window that is closed, or a `kill`, leaves as Ctrl-C does: the channel is free for the next chat at once."""
    running = asyncio.ensure_future(chat)
    for wish in (signal.SIGHUP, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(wish, running.cancel)
    await running


class _Trouble(logging.Handler):
    """What a worker writes to its log, in the manner of the chat."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(logging.WARNING)
        self._screen = screen

    def emit(self, record: logging.LogRecord) -> None:
        self._screen.show(record.getMessage(), style="dim")


async def _chat(screen: Screen) -> None:
    terminal = Terminal(screen.read, lambda message: screen.show(message.text))
    try:
        async with line_of(os.environ, terminal, FACTS, demonstration=True) as line:
            line.quiet_seconds = 0
            await _until_the_end(Worker(line), screen)
    except EdgeError as error:
        raise CliError(f"{error}; `make up` makes what is missing") from error


async def _until_the_end(worker: Worker, screen: Screen) -> None:
    waiting = asyncio.create_task(_tell_if_it_waits(worker, screen))
    try:
        await worker.run()
    except* EOFError:
        pass
    finally:
        waiting.cancel()


async def _tell_if_it_waits(worker: Worker, screen: Screen) -> None:
    await asyncio.sleep(_LEASE_NOTICED_S)
    if not worker.owns:
        screen.show(_TAKES_OVER, style="dim")


async def _rehearse(screen: Screen) -> None:
    """The scripts alone, with a door that says what usually comes of each act."""
    turn = choose_language()
    while True:
        turn = _shown(turn, screen)
        said = await screen.read()
        if said is None:
            return
        turn = proceed(turn.position, Said(said))


def _shown(turn: Turn, screen: Screen) -> Turn:
    while (told := _told(turn)) is not None:
        turn = proceed(turn.position, told)
    for one in speak(turn.effects, turn.position.language, buttons=False):
        screen.show(one.text)
    return turn


def _told(turn: Turn) -> Told | None:
    for effect in turn.effects:
        if isinstance(effect, Finish):
            return Told("stored_in_chat")
        if isinstance(effect, Act):
            return Told(_REHEARSED.get(effect.name, "stored"))
    return None
