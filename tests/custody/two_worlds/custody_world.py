# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m tests.custody.two_worlds.custody_world SEED FILE`: one world's custody, from its first key to the last page.

Everything that it holds, shows, prints and says goes into FILE, one entry for each thing that could tell two worlds apart.
"""

import sys

from tests.custody.two_worlds.stillness import MOMENT, be_still

if __name__ == "__main__":
    be_still(sys.argv[1])


import json
import logging
import subprocess
from pathlib import Path
from typing import Any

from safeconduct.cli import django_start
from safeconduct.cli.custody import make_secrets
from safeconduct.cli.places import places
from safeconduct.desk.project.manage import manage

FAMILY = ["Чхве", "Melnyk", "थापा", "O’Brien"]
NUMBERS = [f"UA-000{at}" for at in range(1, len(FAMILY) + 1)]


class Heard(logging.Handler):
    """Every line of every log, its values put in."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name} {record.levelname} {record.getMessage()}")


def main() -> None:
    make_secrets(places().credentials / "custody")
    django_start.start()
    manage(["migrate", "--verbosity", "0", "--no-input", "--skip-checks"])
    from tests.custody.two_worlds import story  # noqa: PLC0415 - needs Django started

    heard = Heard()
    logging.getLogger().addHandler(heard)
    logging.getLogger().setLevel(logging.INFO)
    world = story.World.begin()
    world.register(NUMBERS, FAMILY, MOMENT.date())
    sys.stdout.write(" ".join(["tokens", *world.tokens(NUMBERS)]) + "\n")
    sys.stdout.flush()
    sys.stdin.readline()  # the line has sealed its links, or has nothing to seal
    told = world.live_on(NUMBERS)
    told["log"] = "\n".join(heard.lines)
    Path(sys.argv[2]).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def _printed(command: list[str], **said: Any) -> subprocess.CompletedProcess[bytes]:
    """A paper is the same bytes for the same content (its own tests), and setting it takes a second: so its content will do."""
    content = repr((command[1:], said.get("input"))).encode()
    return subprocess.CompletedProcess(command, 0, b"%PDF of " + content, b"")


if __name__ == "__main__":
    subprocess.run = _printed  # type: ignore[assignment]
    main()
