# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct chat`: the whole dialogue in a terminal, stored and answered like any other, in a demonstration."""

import asyncio
import contextlib
import os
import sys
from typing import Annotated

import typer
from rich.console import Console

from safeconduct.cli.errors import CliError
from safeconduct.cli.places import places
from safeconduct.dialogue.conversation import choose_language, proceed
from safeconduct.dialogue.speaking import speak
from safeconduct.dialogue.turns import Act, Finish, Said, Told, Turn
from safeconduct.edge.channels.contract import Outgoing
from safeconduct.edge.channels.terminal.channel import FACTS, Terminal
from safeconduct.edge.chat.run import line_of
from safeconduct.edge.chat.worker import Worker
from safeconduct.edge.errors import EdgeError

_console = Console(highlight=False, soft_wrap=True)
_REHEARSED = {"open": "unknown", "look": "empty", "show_code": "none", "confirm": "right"}


def command(
    *,
    dry: Annotated[bool, typer.Option("--dry", help="Only the scripts: nothing is stored, nobody answers.")] = False,
) -> None:
    """Chat with the line as a person would. An end of input (Ctrl-D) or Ctrl-C leaves."""
    with contextlib.suppress(KeyboardInterrupt):
        if dry:
            _rehearse()
        else:
            _refuse_a_real_line()
            asyncio.run(_chat())


def _refuse_a_real_line() -> None:
    here = places()
    if not here.is_demonstration:
        raise CliError("there is no demonstration here: start one with `make up`, or try the scripts with --dry")


async def _chat() -> None:
    terminal = Terminal(_read, _show)
    try:
        async with line_of(os.environ, terminal, FACTS, demonstration=True) as line:
            line.quiet_seconds = 0
            await _until_the_end(Worker(line))
    except EdgeError as error:
        raise CliError(f"{error}; `make up` makes what is missing") from error


async def _until_the_end(worker: Worker) -> None:
    try:
        await worker.run()
    except* EOFError:
        _console.print("You have left. What you wrote is at the desk.", style="dim")


def _read() -> str | None:
    line = sys.stdin.readline()
    return line.rstrip("\n") if line else None


def _show(message: Outgoing) -> None:
    _print(message.text)


def _print(text: str) -> None:
    _console.print()
    for paragraph in text.split("\n"):
        _console.print("  " + paragraph, markup=False)
    _console.print()


def _rehearse() -> None:
    """The scripts alone, with a door that says what usually comes of each act."""
    turn = choose_language()
    while True:
        turn = _shown(turn)
        said = _read()
        if said is None:
            return
        turn = proceed(turn.position, Said(said))


def _shown(turn: Turn) -> Turn:
    while (told := _told(turn)) is not None:
        turn = proceed(turn.position, told)
    for one in speak(turn.effects, turn.position.language, buttons=False):
        _print(one.text)
    return turn


def _told(turn: Turn) -> Told | None:
    for effect in turn.effects:
        if isinstance(effect, Finish):
            return Told("stored_in_chat")
        if isinstance(effect, Act):
            return Told(
                _REHEARSED.get(effect.name, {"erase": "erased", "wipe": "cannot_wipe"}.get(effect.name, "stored"))
            )
    return None
