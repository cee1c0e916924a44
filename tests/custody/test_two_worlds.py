# SPDX-License-Identifier: AGPL-3.0-or-later
"""R20: two worlds that differ only in how four people came leave the same custody behind, to the last byte.

In one they came through the line, which handed them over, has them as received, and holds a sealed link to each of them. In the
other the line had the same case, nobody came, and the four were captured. Both houses share their folders, as they never would.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.desk import postgres

RECEIVED, NOT_COME = "receive", "not-come"
Told = dict[str, str]


class World:
    """One line and one custody beside each other."""

    def __init__(self, home: Path, seed: int, database: str = "") -> None:
        places = {"SAFECONDUCT_HOME": str(home / "state"), "SAFECONDUCT_CREDENTIALS": str(home / "secrets")}
        self._known = {
            name: value for name, value in os.environ.items() if not name.startswith(("SAFECONDUCT_", "COV_", "PYTEST"))
        } | places
        self._out, self._seed, self._database = home / "told.json", str(seed), database

    def live(self, outcome: str) -> Told:
        """What custody holds, shows and says at the end."""
        line = self._start("line_world", outcome, SAFECONDUCT_HOUSE="desk")
        _expect(line, "over")
        custody = self._start(
            "custody_world", self._seed, str(self._out),
            SAFECONDUCT_HOUSE="custody", SAFECONDUCT_CUSTODY_DATABASE_URL=self._database,
        )  # fmt: skip
        tokens = _expect(custody, "tokens")
        _say(line, tokens if outcome == RECEIVED else "")
        _expect(line, "sealed")
        _say(custody, "")
        printed = [(one.communicate(timeout=500), one.returncode) for one in (line, custody)]
        assert not printed[0][1], printed
        assert not printed[1][1], printed
        told: Told = json.loads(self._out.read_text(encoding="utf-8"))
        return told | {"printed": repr(printed[1])}

    def _start(self, module: str, *said: str, **settings: str) -> subprocess.Popen[str]:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        command = [sys.executable, "-m", f"tests.custody.two_worlds.{module}", *said]
        known = self._known | settings | {"PYTHONHASHSEED": "0"}
        return subprocess.Popen(command, env=known, text=True, encoding="utf-8", **pipes)  # type: ignore[call-overload,no-any-return]


def _expect(process: subprocess.Popen[str], word: str) -> str:
    assert process.stdout is not None
    said = process.stdout.readline().split()
    assert said[:1] == [word], process.communicate(timeout=60)
    return " ".join(said[1:])


def _say(process: subprocess.Popen[str], words: str) -> None:
    assert process.stdin is not None
    process.stdin.write(words + "\n")
    process.stdin.flush()


def both(make: Callable[[str], World]) -> tuple[Told, Told]:
    with ThreadPoolExecutor(2) as threads:
        came = threads.submit(make(RECEIVED).live, RECEIVED)
        captured = threads.submit(make(NOT_COME).live, NOT_COME)
        return came.result(), captured.result()


def differing(came: Told, captured: Told) -> list[str]:
    """What tells most comes first: a table rather than each page that shows it."""
    named = sorted({*came, *captured}, key=lambda what: (what.startswith(("page", "sql")), what))
    return [what for what in named if came.get(what) != captured.get(what)]


@pytest.mark.slow
@pytest.mark.timeout(600)  # half a minute where nothing else runs
@pytest.mark.rule("R20", "R21", "T11")
def test_custody_is_the_same_to_the_byte_however_its_people_came(tmp_path: Path) -> None:
    came, captured = both(lambda outcome: World(tmp_path / outcome, seed=1))
    assert not differing(came, captured)[:20]
    # It did look: at pages of every office, at what they entered, at every table.
    assert sum(" GET " in what and page.startswith("200") for what, page in came.items()) > 200
    assert sum(" POST " in what and page.startswith("302") for what, page in came.items()) > 80
    assert "Melnyk" in came["table custody_sealed"]


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.timeout(600)
@pytest.mark.skipif(os.environ.get("SAFECONDUCT_TEST_POSTGRES") != "1", reason="the other database's turn")
@pytest.mark.rule("R20", "R21", "T11")
def test_custody_on_postgresql_is_the_same_too(tmp_path: Path) -> None:
    with postgres.running() as one, postgres.running() as other:
        came, captured = both(lambda outcome: World(tmp_path / outcome, 2, one if outcome == RECEIVED else other))
    assert not differing(came, captured)[:20]
