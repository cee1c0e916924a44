# SPDX-License-Identifier: AGPL-3.0-or-later
"""The keys of a terminal. None is lost: what is pressed while nobody asks for a line waits for the next one."""

import contextlib
import ctypes
import os
import readline
import termios
import threading
from collections.abc import Iterator
from typing import Final

PROMPT: Final = "> "
INPUT: Final = 0
_LOCAL: Final = 3  # where termios keeps what a terminal does with keys by itself
_CONTROLS: Final = 6

_library: Final = ctypes.CDLL(
    getattr(readline, "__file__", None)
)  # with what it was built with, GNU's library or another


class Keyboard:
    """Changes the terminal's behaviour until `leave`. One thread asks for lines, any may draw above them."""

    def __init__(self) -> None:
        self._before = termios.tcgetattr(INPUT)
        self._is_left = False
        self._is_prompting = False
        self._drawing = threading.Lock()
        self._prompt = contextlib.ExitStack()
        readline.set_auto_history(False)
        readline.set_pre_input_hook(self._prompted)
        readline.parse_and_bind("set enable-bracketed-paste off")  # its marks would outlive a Ctrl-C
        readline.parse_and_bind(r'"\C-@": "\C-d"')  # what became of a Ctrl-D pressed before we were here
        self._behave(shows_keys=False)

    def line(self) -> str | None:
        """Waits for the next line; None at the end."""
        try:
            # Nobody draws before the prompt stands: what they draw would be taken for a part of it, or tear it apart.
            with contextlib.ExitStack() as self._prompt:
                self._prompt.enter_context(self._drawing)
                self._behave(shows_keys=True)  # or readline takes the line for a secret, and shows nothing of it
                return input(PROMPT)
        except EOFError:
            return None
        finally:
            with self._drawing:
                self._is_prompting = False
                self._behave(shows_keys=False)

    @contextlib.contextmanager
    def undisturbed(self) -> Iterator[str | None]:
        """Nobody else draws meanwhile. Gives what stands behind the prompt; None without one."""
        with self._drawing:
            yield _typed() if self._is_prompting else None

    def leave(self) -> None:
        """The terminal behaves as it did before, and whoever still waits for a line takes nothing from it any more."""
        with self._drawing, contextlib.suppress(termios.error):  # its window was closed
            self._is_left = True
            self._is_prompting = False
            nothing = os.open(os.devnull, os.O_RDONLY)
            terminal = os.dup(INPUT)
            os.dup2(nothing, INPUT)  # else an Enter after Ctrl-C would have readline bring our behaviour back
            os.close(nothing)
            termios.tcsetattr(terminal, termios.TCSADRAIN, self._before)
            os.close(terminal)

    def _prompted(self) -> None:
        self._is_prompting = True
        self._prompt.close()

    def _behave(self, *, shows_keys: bool) -> None:
        """Keys one by one also between two prompts: a terminal that gathers lines itself swallows a Ctrl-D."""
        wanted = [*self._before[:_CONTROLS], list(self._before[_CONTROLS])]
        wanted[_LOCAL] &= ~(termios.ICANON | termios.ECHO)
        wanted[_LOCAL] |= termios.ECHO if shows_keys else 0
        wanted[_CONTROLS][termios.VMIN], wanted[_CONTROLS][termios.VTIME] = 1, 0
        if not self._is_left:
            with contextlib.suppress(termios.error):  # its window was closed
                termios.tcsetattr(INPUT, termios.TCSADRAIN, wanted)


def _typed() -> str:
    """What stands behind the prompt, copied while another thread may be changing it: at worst a key too few.

    Python's `readline.get_line_buffer` has the C library convert the line where it lies, and that ends the process when it
    changes meanwhile ("Assertion … failed" in mbsrtowcs).
    """
    return (ctypes.c_char_p.in_dll(_library, "rl_line_buffer").value or b"").decode(errors="replace")
