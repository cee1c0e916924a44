# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asks pages of a desk as a signed-in browser does, and holds them against the bare SQL of the same pages. Needs Django started."""

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

ROUNDS = 100


def browser(cookies: dict[str, str]) -> Client:
    """One in which somebody is signed in already."""
    made = Client(SERVER_NAME="localhost")
    made.cookies.load(cookies)
    return made


def page(name: str, of: str, ask: Callable[[], Any], *, rounds: int = ROUNDS) -> dict[str, Any]:
    """The p95 of so many askings, each of which answers 200."""
    ask()
    with CaptureQueriesContext(connection) as said:
        answer = ask()
    statements = [one["sql"] for one in said.captured_queries]  # before the next request forgets them
    if answer.status_code != 200:
        raise RuntimeError(f"{name} answers {answer.status_code}")
    taken = p95([seconds(ask) for _ in range(rounds)])
    return figure(f"{name}, {of}", taken * 1000, _bare(statements) * 1000)


def figure(name: str, value: float, limit: float, *, unit: str = "ms p95", is_ceiling: bool = False) -> dict[str, Any]:
    named = f"{name}, {connection.display_name}"
    return {"name": named, "value": value, "unit": unit, "limit": limit, "is_ceiling": is_ceiling}


def seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def p95(taken: Sequence[float]) -> float:
    ordered = sorted(taken)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def _bare(said: Sequence[str]) -> float:
    """The page's reads alone, without Django. On PostgreSQL by the same driver's cursor."""
    reads = [sql for sql in said if sql.lstrip().upper().startswith(("SELECT", "WITH"))]
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            return p95([seconds(lambda: _fetch(cursor, reads)) for _ in range(ROUNDS)])
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as bare:
        return p95([seconds(lambda: [bare.execute(sql).fetchall() for sql in reads]) for _ in range(ROUNDS)])


def _fetch(cursor: Any, reads: Sequence[str]) -> None:
    for sql in reads:
        cursor.execute(sql.replace("%", "%%"), [])
        cursor.fetchall()
