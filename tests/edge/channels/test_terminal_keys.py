# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real terminal in which somebody types while the line speaks: nothing that was typed is lost."""

import os
import random
import re
import sys
import time
from collections.abc import Iterator

import pytest
from tests.journey.terminal import CTRL_C, CTRL_D, Terminal

# It speaks all the time, and is as slow with each line as a busy machine: most keys come while nothing asks for them.
_SPEAKING = """
import asyncio, contextlib, time
from safeconduct.edge.channels.terminal.screen import opened

async def speak(screen):
    while True:
        screen.show("a word")
        await asyncio.sleep(0.01)

async def talk(screen):
    speaking = asyncio.create_task(speak(screen))
    while (line := await screen.read()) is not None:
        screen.show(f"[{line}]")
        await asyncio.sleep(0.03)

with opened() as screen, contextlib.suppress(KeyboardInterrupt):
    asyncio.run(talk(screen))
screen.leave()
screen.show("[left]")
time.sleep(0.3)
"""

# It answers at about the moment at which the next prompt is drawn.
_ANSWERING = """
import asyncio, random
from safeconduct.edge.channels.terminal.screen import opened

async def talk(screen):
    asking = asyncio.create_task(screen.read())
    while (line := await asking) is not None:
        asking = asyncio.create_task(screen.read())
        await asyncio.sleep(random.uniform(0, 0.002))
        screen.show(f"[{line}]")

with opened() as screen:
    asyncio.run(talk(screen))
"""

# Somebody looks at the line all the time while it is typed.
_LOOKING = """
import threading
from safeconduct.edge.channels.terminal.keyboard import Keyboard

keyboard, found = Keyboard(), []
typing = threading.Thread(target=lambda: found.append(keyboard.line()))
typing.start()
while typing.is_alive():
    with keyboard.undisturbed():
        pass
keyboard.leave()
print(f"[{len(found[0])}]")
"""


@pytest.fixture
def terminal(request: pytest.FixtureRequest) -> Iterator[Terminal]:
    terminal = Terminal([sys.executable, "-c", getattr(request, "param", _SPEAKING)], os.environ)
    yield terminal
    terminal.close()


@pytest.mark.parametrize("chance", range(20))
def test_what_is_typed_while_the_line_speaks_arrives_key_by_key(terminal: Terminal, chance: int) -> None:
    moments = random.Random(chance)
    terminal.read("a word")
    for key in "one\rtwo\rthree\r" + CTRL_D:
        terminal.press(key)
        time.sleep(moments.uniform(0, 0.02))
    assert re.findall(r"\[(.*?)\]", terminal.left()) == ["one", "two", "three", "left"]


def test_what_is_pasted_at_once_arrives_line_by_line(terminal: Terminal) -> None:
    terminal.read("a word")
    terminal.press("one\rtwo\r\rfour\r" + CTRL_D)
    assert re.findall(r"\[(.*?)\]", terminal.left()) == ["one", "two", "", "four", "left"]


@pytest.mark.parametrize("terminal", [_LOOKING], indirect=True)
def test_a_line_can_be_looked_at_while_it_changes(terminal: Terminal) -> None:
    while not terminal.shown.endswith("> "):
        assert terminal.listen()
    for _ in range(300):
        terminal.press("я" * 20 + "\x7f" * 20)
        terminal.listen()
    terminal.press("four\r")
    assert re.findall(r"\[(.*?)\]", terminal.left()) == ["4"]


def test_what_is_typed_before_anything_is_shown_arrives_too(terminal: Terminal) -> None:
    terminal.press("early\r" + CTRL_D)
    assert re.findall(r"\[(.*?)\]", terminal.left()) == ["early", "left"]


def test_an_enter_after_ctrl_c_leaves_the_terminal_as_it_was(terminal: Terminal) -> None:
    before = terminal.behaviour
    terminal.read("a word")
    assert terminal.behaviour != before
    terminal.press("half a li")
    terminal.press(CTRL_C)
    while "[left]" not in terminal.new:
        assert terminal.listen()
    terminal.press("\r")
    terminal.left()
    assert terminal.behaviour == before


@pytest.mark.parametrize("terminal", [_ANSWERING], indirect=True)
def test_below_an_answer_there_is_a_prompt_also_when_both_come_at_once(terminal: Terminal) -> None:
    for number in range(100):
        terminal.type(str(number))
        terminal.read(f"[{number}]")
