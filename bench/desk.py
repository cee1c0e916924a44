# SPDX-License-Identifier: AGPL-3.0-or-later
"""`desk`: how long the queue, a case and a search take, held against the bare SQL of the same pages; and how long 50
operators wait whose pages look by themselves every four seconds. On SQLite, and on a PostgreSQL of its own.

`BENCH_DESK_CASES` says how many cases the PostgreSQL holds. Run as `python -m bench.desk SIZES SECONDS` in a process of its
own, because it starts Django; prints JSON.
"""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bench import postgres
from bench.table import Figure

SIZES = (10_000, 100_000)
CASES = int(os.environ.get("BENCH_DESK_CASES", "100000"))
ROUNDS = 100
OPERATORS = 50
CEILING_POLLING_MS = 200.0
WAITING = 0.4  # the share of the cases that waits: far more than any line should let wait
_SAMPLE = 20


def measure(folder: Path, seconds: float = 20.0, cases: int = CASES) -> list[Figure]:
    """The figures of both databases. At the last size a case holds envelopes and can be searched."""
    found = _run(folder / "sqlite", SIZES, seconds, "")
    with postgres.running(folder) as url:
        return found + _run(folder / "postgresql", (cases,), seconds, url)


def _run(home: Path, sizes: Sequence[int], seconds: float, url: str) -> list[Figure]:
    environment = {**os.environ, "SAFECONDUCT_HOME": str(home), "SAFECONDUCT_DEMONSTRATION": "yes"}
    # Filling may take long, and no desk is to lock meanwhile.
    environment |= {"SAFECONDUCT_DESK_DATABASE_URL": url, "SAFECONDUCT_DESK_IDLE_MINUTES": "60"}
    subprocess.run([sys.executable, "-m", "safeconduct.cli.preparation"], check=True, env=environment)
    command = [sys.executable, "-m", "bench.desk", ",".join(map(str, sizes)), str(seconds)]
    done = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE)
    return [Figure(**one) for one in json.loads(done.stdout)]


def _main(sizes: Sequence[int], seconds: float) -> None:
    from safeconduct.cli import django_start  # noqa: PLC0415 - only this process needs Django

    django_start.start()
    from bench import archive, bulk, crowd, operators  # noqa: PLC0415 - after Django has started
    from safeconduct.desk.cases.models import Case  # noqa: PLC0415
    from safeconduct.sealing.keys import PrivateKey  # noqa: PLC0415

    team = PrivateKey.generate()
    people = operators.people(OPERATORS, team)
    numbers = [operators.whole_case(team) for _ in range(_SAMPLE)]
    cookies = [one.cookies for one in people]
    figures: list[dict[str, Any]] = []
    before = 0
    for size in sizes:
        with bulk.at_once(Case):
            crowd.fill(size - before, waiting=WAITING, first=before)
        before = size
        asked = archive.fill(people[0].hand, size, queries=ROUNDS) if size == sizes[-1] else []
        bulk.analyse()
        figures += pages(size, cookies[0], numbers)
        if asked:
            figures += [polling(size, cookies, seconds), search(size, cookies[0], asked)]
    print(json.dumps(figures))


def pages(size: int, cookies: dict[str, str], numbers: Sequence[str]) -> list[dict[str, Any]]:
    """The queue and a case, each by the browser of one operator."""
    from bench import asking  # noqa: PLC0415 - after Django has started

    dice = random.Random(7)
    asked: dict[str, Callable[[], str]] = {
        "queue": lambda: "/queue/",
        "queue, for me": lambda: "/queue/?mine=1",
        "case": lambda: f"/cases/{dice.choice(numbers)}/",
    }
    browser = asking.browser(cookies)
    return [asking.page(f"desk: {name}", _of(size), partial(_get, browser, path)) for name, path in asked.items()]


def search(size: int, cookies: dict[str, str], asked: Sequence[str]) -> dict[str, Any]:
    """A name each, posted as the form does."""
    from bench import asking  # noqa: PLC0415 - after Django has started

    browser, left = asking.browser(cookies), iter([*asked[:2], *asked])
    return asking.page(
        "desk: search, 50 opened",
        _of(size),
        lambda: browser.post("/search/", {"name": next(left)}),
        rounds=len(asked),
    )


def polling(size: int, cookies: Sequence[dict[str, str]], seconds: float) -> dict[str, Any]:
    from bench import asking  # noqa: PLC0415 - after Django has started
    from bench import polling as looking  # noqa: PLC0415

    taken = asking.p95(looking.waits(cookies, seconds)) * 1000
    name = f"desk: {len(cookies)} operators' pages that look by themselves, {_of(size)}"
    return asking.figure(name, taken, CEILING_POLLING_MS, is_ceiling=True)


def _of(size: int) -> str:
    return f"{size:,} cases"


def _get(browser: Any, path: Callable[[], str]) -> Any:
    return browser.get(path())


if __name__ == "__main__":
    _main([int(size) for size in sys.argv[1].split(",")], float(sys.argv[2]))
