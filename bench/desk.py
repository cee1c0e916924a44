# SPDX-License-Identifier: AGPL-3.0-or-later
"""`desk`: how long the queue and a case take at growing numbers of cases, held against the bare SQL of the same pages;
and how long 50 operators wait whose pages look by themselves every four seconds.

Run as `python -m bench.desk FOLDER SIZES SECONDS` in a process of its own, because it starts Django; prints JSON.
"""

import asyncio
import json
import os
import random
import secrets
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from bench import doors
from bench.table import Figure

SIZES = (10_000, 100_000, 1_000_000)
ROUNDS = 100
OPERATORS = 50
EVERY = 4.0
CEILING_MS, CEILING_POLLING_MS = 100.0, 200.0
WAITING = 0.4  # the share of the cases that waits: far more than any line should let wait
_SAMPLE = 20


def measure(folder: Path, sizes: Sequence[int] = SIZES, seconds: float = 20.0) -> list[Figure]:
    """The figures, from a process that has Django; the polling against a desk of its own."""
    environment = {**os.environ, "SAFECONDUCT_HOME": str(folder / "home"), "SAFECONDUCT_DEMONSTRATION": "yes"}
    subprocess.run([sys.executable, "-m", "safeconduct.cli.preparation"], check=True, env=environment)
    command = [sys.executable, "-m", "bench.desk", str(folder), ",".join(map(str, sizes)), str(seconds)]
    done = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE)
    return [Figure(**one) for one in json.loads(done.stdout)]


def _main(folder: Path, sizes: Sequence[int], seconds: float) -> None:
    from safeconduct.cli import django_start  # noqa: PLC0415 - only this process needs Django

    django_start.start()
    from bench import crowd  # noqa: PLC0415 - after Django has started

    people = _people(OPERATORS)
    numbers = [_whole_case() for _ in range(_SAMPLE)]
    figures: list[dict[str, Any]] = []
    before = 0
    for size in sizes:
        crowd.fill(size - before, waiting=WAITING, first=before)
        before = size
        _analyse()
        figures += _pages(size, people[0], numbers)
        if size == 100_000:
            figures.append(_polling(folder, people, seconds))
    print(json.dumps(figures))


def _pages(size: int, cookies: dict[str, str], numbers: Sequence[str]) -> list[dict[str, Any]]:
    dice = random.Random(7)
    asked: dict[str, Callable[[], str]] = {
        "queue": lambda: "/queue/",
        "queue, for me": lambda: "/queue/?mine=1",
        "case": lambda: f"/cases/{dice.choice(numbers)}/",
    }
    return [_page(name, size, cookies, path) for name, path in asked.items()]


def _page(name: str, size: int, cookies: dict[str, str], path: Callable[[], str]) -> dict[str, Any]:
    from django.db import connection  # noqa: PLC0415 - after Django has started
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    browser = Client(SERVER_NAME="localhost")
    browser.cookies.load(cookies)
    browser.get(path())
    with CaptureQueriesContext(connection) as said:
        answer = browser.get(path())
    statements = [one["sql"] for one in said.captured_queries]  # before the next request forgets them
    if answer.status_code != 200:
        raise RuntimeError(f"{name} answers {answer.status_code}")
    taken = _p95([_seconds(lambda: browser.get(path())) for _ in range(ROUNDS)])
    bare = _bare(connection, statements)
    return {
        "name": f"desk: {name}, {size:,} cases",
        "value": taken * 1000,
        "unit": "ms p95",
        "limit": bare * 1000,
        "is_ceiling": False,
    }


def _bare(connection: Any, said: Sequence[str]) -> float:
    """The page's reads alone, without Django. On PostgreSQL by the same driver's cursor."""
    reads = [sql for sql in said if sql.lstrip().upper().startswith("SELECT")]
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            return _p95([_seconds(lambda: _fetch(cursor, reads)) for _ in range(ROUNDS)])
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as bare:
        return _p95([_seconds(lambda: [bare.execute(sql).fetchall() for sql in reads]) for _ in range(ROUNDS)])


def _fetch(cursor: Any, reads: Sequence[str]) -> None:
    for sql in reads:
        cursor.execute(sql.replace("%", "%%"), [])
        cursor.fetchall()


def _polling(folder: Path, people: Sequence[dict[str, str]], seconds: float) -> dict[str, Any]:
    """Every operator's page asks for the rows of the queue every four seconds, each at a moment of its own."""
    port = doors.free_port()
    environment = {
        "SAFECONDUCT_DESK_LISTEN": f"127.0.0.1:{port}",
        "SAFECONDUCT_DESK_ORIGIN": f"http://localhost:{port}",
        "SAFECONDUCT_HOME": str(folder / "home"),
        "SAFECONDUCT_DEMONSTRATION": "yes",
    }
    command = [sys.executable, "-m", "safeconduct.cli", "desk", "serve"]
    with doors.started(command, f"http://localhost:{port}/sign-in/", environment):
        taken = asyncio.run(_poll(port, people, seconds))
    return {
        "name": f"desk: {len(people)} operators' pages that look by themselves",
        "value": _p95(taken) * 1000,
        "unit": "ms p95",
        "limit": CEILING_POLLING_MS,
        "is_ceiling": True,
    }


async def _poll(port: int, people: Sequence[dict[str, str]], seconds: float) -> list[float]:
    taken: list[float] = []
    await asyncio.gather(*(_operator(port, one, seconds, taken) for one in people))
    return taken


async def _operator(port: int, cookies: dict[str, str], seconds: float, taken: list[float]) -> None:
    said = "; ".join(f"{name}={value}" for name, value in cookies.items())
    until = time.perf_counter() + seconds
    await asyncio.sleep(random.random() * EVERY)
    while (began := time.perf_counter()) < until:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = f"GET /queue/rows/?have=x HTTP/1.1\r\nHost: localhost\r\nHX-Request: true\r\nCookie: {said}\r\n"
        writer.write(f"{head}Connection: close\r\n\r\n".encode())
        answer = await reader.read(-1)
        writer.close()
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(answer[:40].decode("latin-1"))
        taken.append(time.perf_counter() - began)
        await asyncio.sleep(max(0.0, EVERY - taken[-1]))


def _people(count: int) -> list[dict[str, str]]:
    """Operators on duty with open desks, and the cookies of their browsers. They hold a key of intake made for this run."""
    from safeconduct.desk.operators import acts  # noqa: PLC0415 - after Django has started
    from safeconduct.desk.operators.roles import Role  # noqa: PLC0415
    from safeconduct.sealing.keys import PrivateKey  # noqa: PLC0415

    team = PrivateKey.generate()
    key = acts.found_team("intake", team.public, demonstration=True)
    _state["team"] = team
    return [_on_duty(acts.add_operator(f"bench {number}", Role.OPERATOR), key, team) for number in range(count)]


def _on_duty(welcome: Any, key: Any, team: Any) -> dict[str, str]:
    import base64  # noqa: PLC0415
    import importlib  # noqa: PLC0415

    from django.conf import settings  # noqa: PLC0415 - after Django has started

    from safeconduct.desk.cases import keys  # noqa: PLC0415
    from safeconduct.desk.operators import acts, duty, duty_acts, sessions, vaults  # noqa: PLC0415
    from safeconduct.desk.operators.cookies import UNLOCK  # noqa: PLC0415
    from safeconduct.desk.operators.keyring import Keyring  # noqa: PLC0415
    from safeconduct.vocabulary.languages import LANGUAGES  # noqa: PLC0415

    acts.let_in(key, team, welcome.operator)
    opened = vaults.opened(bytes(welcome.operator.vault), welcome.passphrase)
    if opened is None:
        raise RuntimeError("the passphrase opens nothing")
    session = importlib.import_module(settings.SESSION_ENGINE).SessionStore()
    unlock = sessions.begin(session, welcome.operator, opened.private)
    session.save()
    keyring, exchange = Keyring(welcome.operator, opened.private), duty_acts.Exchange(keys.of_this_desk().signer, None)
    languages = random.Random(welcome.operator.pk).sample(sorted(LANGUAGES), 3)
    duty_acts.save_card(keyring, duty.Card(tuple(languages)), exchange)
    duty_acts.begin(keyring, session.session_key, exchange)
    return {
        settings.SESSION_COOKIE_NAME: session.session_key,
        UNLOCK: base64.urlsafe_b64encode(unlock).decode(),
    }


def _whole_case() -> str:
    """One case of ten messages that open, as the edge would have sent it. Its number."""
    from datetime import UTC, datetime  # noqa: PLC0415

    from bench.limit_app import LABEL, TEXT  # noqa: PLC0415
    from safeconduct.cli import ceremony  # noqa: PLC0415
    from safeconduct.cli.places import places  # noqa: PLC0415
    from safeconduct.desk.cases import arrivals, keys  # noqa: PLC0415
    from safeconduct.desk.cases.models import Case  # noqa: PLC0415
    from safeconduct.sealing.envelope import Purpose, seal, serialise  # noqa: PLC0415
    from safeconduct.spool.contract import Waiting  # noqa: PLC0415
    from safeconduct.vocabulary.identifiers import ConversationId  # noqa: PLC0415
    from safeconduct.vocabulary.records import PersonText, encode  # noqa: PLC0415

    signer = ceremony.read_signing_key(places().credentials / "edge" / "signing.key")
    conversation, body = ConversationId(secrets.token_bytes(16)), encode(PersonText(TEXT))
    day, to = datetime.now(UTC).date(), [_state["team"].public]
    sealed = [
        serialise(
            seal(body, purpose=Purpose.TO_TEAM, conversation=conversation, label=LABEL, day=day, recipients=to, signer=signer)
        )
        for _ in range(10)
    ]  # fmt: skip
    arrivals.take_over([Waiting(at, one, time.time()) for at, one in enumerate(sealed)], keys.of_this_desk())
    return Case.objects.get(conversation=conversation).number


def _analyse() -> None:
    from django.db import connection  # noqa: PLC0415 - after Django has started

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _p95(taken: Sequence[float]) -> float:
    ordered = sorted(taken)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


_state: dict[str, Any] = {}

if __name__ == "__main__":
    _main(Path(sys.argv[1]), [int(size) for size in sys.argv[2].split(",")], float(sys.argv[3]))
