# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct`: finds the noun's module and runs it.

Only the noun that was asked for is imported, so that the public door's process never loads Django or a vault.
"""

import resource
import sys
from importlib import import_module
from typing import NoReturn

import typer

from safeconduct.cli.errors import CliError
from safeconduct.sealing.errors import SealingError
from safeconduct.spool.errors import SpoolError

NOUNS: dict[str, str] = {
    "up": "Run the whole line on this machine, with demonstration keys.",
    "code": "A sign-in code for a demonstration operator.",
    "edge": "Run the public door.",
    "desk": "Run the operators' door, its collector and its clock; 'desk manage …' is Django's own.",
    "custody": "Run the register of prisoners of war: a house of its own, with its own database, keys and people.",
    "bureau": "The Information Bureau's own side: open and acknowledge what custody told it.",
    "keys": "Make keys: the doors', the publishers', the teams'.",
    "board": "Draft, sign and publish what the public door may show.",
    "channel": "List the channels, such as messengers and text messages, or run one.",
    "chat": "Chat in this terminal, as a person would.",
    "dialogue": "Check the scripts.",
    "texts": "Collect, check and list the texts of every language.",
    "voice": "Make and check what a telephone call says.",
    "paper": "Print the Convention's forms, empty or filled in.",
    "audit": "Verify the record of who read and did what.",
    "softphone": "Run the operators' browsers as telephones: between the voice channel and the desk.",
    "doctor": "Say what is missing or wrong on this machine, and the mend.",
    "backup": "Write a backup; what can be erased stays erasable.",
    "restore": "Put a backup back.",
    "rules": "List the rules and the tests that hold them.",
}


def _application(noun: str | None) -> typer.Typer:
    application = typer.Typer(
        name="safeconduct",
        help="A 24-hour line that lets a soldier lay down arms and live.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for name, sentence in NOUNS.items():
        module = import_module(f"safeconduct.cli.{name}") if name == noun else None
        if module is not None and hasattr(module, "app"):
            application.add_typer(module.app, name=name, help=sentence)
        else:  # one act, or a noun that was not asked for: the line in --help is all that is needed of it
            application.command(name, help=sentence)(getattr(module, "command", _nothing))
    return application


def _leave_no_core() -> None:
    # T3: a crash must not write to the disk what memory held. Inherited by every process that is started from here.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _nothing() -> None:
    """Stands for a noun that was not asked for."""


def run() -> None:
    """Entry point. An error that a person can mend is one sentence on stderr and exit code 1, never a traceback."""
    _leave_no_core()
    noun = next((word for word in sys.argv[1:] if not word.startswith("-")), None)
    try:
        _application(noun)()
    except CliError as error:
        _say(str(error))
    except (OSError, SpoolError, SealingError) as error:  # their texts hold paths and kinds, never what a person wrote
        _say(f"{type(error).__name__}: {error}")


def _say(sentence: str) -> NoReturn:
    sys.stderr.write(f"safeconduct: {sentence}\n")
    sys.exit(1)
