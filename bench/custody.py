# SPDX-License-Identifier: AGPL-3.0-or-later
"""`custody`: how long the board, a person's page, the list by number, a search by name and the night take in a register of 100,000 persons and
ten million events; on SQLite, and on a PostgreSQL of its own. The pages are held against the bare SQL of the same pages.

`BENCH_CUSTODY_PERSONS` says how many persons. Run as `python -m bench.custody` in a process of its own, because it starts Django as
custody; prints JSON.
"""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from bench import postgres
from bench.table import Figure

PERSONS = int(os.environ.get("BENCH_CUSTODY_PERSONS", "100000"))
NIGHT_SECONDS = 60.0


def measure(folder: Path) -> list[Figure]:
    """The figures of both databases."""
    found = _run(folder / "sqlite", "")
    with postgres.running(folder) as url:
        return found + _run(folder / "postgresql", url)


def _run(home: Path, url: str) -> list[Figure]:
    environment = {
        **os.environ,
        "SAFECONDUCT_HOUSE": "custody",
        "SAFECONDUCT_HOME": str(home),
        "SAFECONDUCT_DEMONSTRATION": "yes",
        "SAFECONDUCT_CUSTODY_DATABASE_URL": url,
        "SAFECONDUCT_DESK_IDLE_MINUTES": "60",
    }
    command = [sys.executable, "-m", "bench.custody", str(PERSONS)]
    done = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE)
    return [Figure(**one) for one in json.loads(done.stdout)]


def _main(persons: int) -> None:
    from safeconduct.cli import custody, django_start  # noqa: PLC0415 - only this process needs Django
    from safeconduct.cli.places import places  # noqa: PLC0415

    custody.make_secrets(places().credentials / "custody")
    django_start.start()
    from bench import asking, bulk, register  # noqa: PLC0415 - after Django has started
    from safeconduct.desk.custody import acts, watching  # noqa: PLC0415
    from safeconduct.desk.project.manage import manage  # noqa: PLC0415

    manage(["migrate", "--verbosity", "0", "--no-input", "--skip-checks"])
    (keyring, cookies), today = _registrar(), acts.today()
    browser = asking.browser(cookies)
    of = f"{persons:,} persons, {register.fill(persons, today):,} events"
    names = register.name(keyring, persons, today)
    bulk.analyse()
    night = max(asking.seconds(lambda: watching.work_out(today)) for _ in range(2))
    dice = random.Random(11)
    asked: dict[str, Callable[[], str]] = {
        "board": lambda: "/duties/",
        "a camp's board": lambda: "/camps/50/",
        "person": lambda: f"/persons/{register.number_of(dice.randrange(persons))}/",
        "by number": lambda: f"/persons/?number={register.number_of(dice.randrange(persons))[:6]}",
    }
    figures = [asking.page(f"custody: {name}", of, partial(_get, browser, path)) for name, path in asked.items()]
    left = iter([*names[:2], *names])
    figures.append(
        asking.page("custody: by name", of, lambda: browser.post("/names/", {"surname": next(left)}), rounds=len(names))
    )
    whole = asking.figure(f"custody: the night, {of}", night, NIGHT_SECONDS, unit="s", is_ceiling=True)
    print(json.dumps([*figures, whole]))


def _get(browser: Any, path: Callable[[], str]) -> Any:
    return browser.get(path())


def _registrar() -> tuple[Any, dict[str, str]]:
    """The keyring of somebody who works with the register, and their cookies."""
    from bench import signed_in  # noqa: PLC0415 - after Django has started
    from safeconduct.desk.operators import acts, vaults  # noqa: PLC0415
    from safeconduct.desk.operators.roles import Role  # noqa: PLC0415
    from safeconduct.sealing.keys import PrivateKey  # noqa: PLC0415
    from safeconduct.sealing.vault import VaultCost  # noqa: PLC0415

    vaults.COST = VaultCost(memory_kib=8, iterations=1, lanes=1)
    keys = {code: PrivateKey.generate() for code in ("monitor", "custody")}
    teams = {code: acts.found_team(code, key.public, demonstration=True) for code, key in keys.items()}
    welcome = acts.add_operator("bench", Role.REGISTRAR)
    acts.let_in(teams["custody"], keys["custody"], welcome.operator)
    return signed_in.browser_of(welcome)


if __name__ == "__main__":
    _main(int(sys.argv[1]))
