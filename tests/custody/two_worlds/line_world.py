# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m tests.custody.two_worlds.line_world OUTCOME`: the line of one world, in the same folders as custody.

A case, a handover, its outcome; then, where somebody was received, the link to each token that stands on the next line read.
"""

import asyncio
import sys

from safeconduct.cli import django_start
from safeconduct.cli.places import places
from safeconduct.desk.project.manage import manage


def main(outcome: str) -> None:
    here = places()
    for name in ("signing.key", "django.key"):
        (here.credentials / "desk").mkdir(parents=True, exist_ok=True)
        (here.credentials / "desk" / name).write_bytes(bytes(range(32)))
    django_start.start()
    manage(["migrate", "--verbosity", "0", "--no-input", "--skip-checks"])
    with asyncio.Runner() as runner:
        _live(runner, outcome)


def _live(runner: asyncio.Runner, outcome: str) -> None:
    from tests.custody.two_worlds.line_people import Cell  # noqa: PLC0415 - needs Django started

    cell = Cell.begin(runner, places())
    number = cell.hand_over(cell.case_of_four(), outcome)
    _say("over")
    for token in sys.stdin.readline().split():
        cell.link(number, token)
    _say("sealed")
    cell.end()


def _say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
