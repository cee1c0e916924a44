# SPDX-License-Identifier: AGPL-3.0-or-later
"""A house's database: SQLite in a file of its own, or PostgreSQL by URL."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from safeconduct.desk.cases import journal
from safeconduct.desk.project.environment import Environment
from safeconduct.desk.project.errors import BadSetting, LogBusy

# secure_delete: what is deleted is overwritten (T3). FULL: what was answered is on the disk (T9).
# IMMEDIATE: a transaction that will write takes its lock at the start, instead of failing half-way.
SQLITE_START = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY"
SQLITE_OPTIONS = {"transaction_mode": "IMMEDIATE", "timeout": 10, "init_command": SQLITE_START}


def configured(environment: Environment) -> dict[str, Any]:
    """Django's `DATABASES["default"]`. Raises `BadSetting` for a URL that is not PostgreSQL's."""
    if environment.database_url:
        return postgresql(environment.database_url)
    path = environment.state / f"{environment.house}.db"
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": path.absolute(), "OPTIONS": dict(SQLITE_OPTIONS)}


def postgresql(url: str) -> dict[str, Any]:
    """`postgresql://user:password@host:port/name?host=/socket/folder`; the query goes to libpq as it is."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or len(parts.path) < 2:  # noqa: PLR2004 -- a slash and a name
        raise BadSetting("SAFECONDUCT_DESK_DATABASE_URL must be postgresql://user:password@host/name")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {**options, "pool": {"min_size": 1, "max_size": 16, "timeout": 10}},
    }


def empty_log() -> None:
    """Raises `LogBusy` when a reader stood in the way; it is tried again soon."""
    if not journal.empty():
        raise LogBusy("the write-ahead log is being read")


def prepare(environment: Environment) -> None:
    """Make the folder of the desk, in which erasure keys lie whatever the database; and SQLite's file, for its owner alone.

    SQLite's WAL inherits the rights.
    """
    folder = environment.state
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if not environment.database_url:
        (folder / f"{environment.house}.db").touch(mode=0o600)
