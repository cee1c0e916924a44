# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct up`: the whole line on one machine, for a demonstration. Ctrl-C stops it; the next start goes on."""

import asyncio
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import typer
from rich.console import Console

from safeconduct.cli import demonstration
from safeconduct.cli.errors import CliError
from safeconduct.cli.places import DEMONSTRATION_MARK, Places, places, private_folder
from safeconduct.cli.supervisor import Part, Supervisor

WAIT_S = 60.0
_LOCK = "up.lock"
_NOUNS = {
    "edge": ("edge",),
    "desk": ("desk", "serve"),
    "collector": ("desk", "collect"),
    "clock": ("desk", "clock"),
    "custody": ("custody", "serve"),  # the other house: processes, database and people of its own (R20)
    "its clock": ("custody", "clock"),
}


def _address(name: str, host: str, port: int) -> tuple[str, int]:
    return os.environ.get(f"SAFECONDUCT_{name}_HOST", host), int(os.environ.get(f"SAFECONDUCT_{name}_PORT", port))


def _edge() -> tuple[str, int]:
    return _address("EDGE", "127.0.0.1", 8800)


def _desk() -> tuple[str, int]:
    return _listens("SAFECONDUCT_DESK_LISTEN", 8801)


def _custody() -> tuple[str, int]:
    return _listens("SAFECONDUCT_CUSTODY_LISTEN", 8802)


def _listens(setting: str, port: int) -> tuple[str, int]:
    host, _, said = os.environ.get(setting, f"127.0.0.1:{port}").rpartition(":")
    return host, int(said)


def command() -> None:
    """Run the line (edge, desk, collector, clock) and custody, the other house, with demonstration keys."""
    here = places()
    _refuse_a_real_line(here)
    _refuse_a_taken_port(*_edge(), setting="SAFECONDUCT_EDGE_PORT")
    _refuse_a_taken_port(*_desk(), setting="SAFECONDUCT_DESK_LISTEN")
    _refuse_a_taken_port(*_custody(), setting="SAFECONDUCT_CUSTODY_LISTEN")
    _hold(private_folder(here.home))
    environment = {**os.environ, "SAFECONDUCT_DEMONSTRATION": "yes", "PYTHONUNBUFFERED": "1"}
    typer.echo("Preparing the demonstration …")
    _prepare(environment)
    asyncio.run(_run(here, environment))


def _prepare(environment: dict[str, str]) -> None:
    """Each house in a process of its own, both at once."""
    houses = {"preparation": "desk", "custody_preparation": "custody"}
    started = [_started(module, environment | {"SAFECONDUCT_HOUSE": house}) for module, house in houses.items()]
    failed = [one for one in started if one.wait()]  # what was wrong stands above
    if failed:
        raise CliError("the demonstration could not be prepared")


def _started(module: str, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", f"safeconduct.cli.{module}"], env=environment)  # noqa: S603 - our own


def _refuse_a_real_line(here: Places) -> None:
    custody = here.credentials / "custody"
    is_real_custody = (custody / "signing.key").exists() and not (custody / DEMONSTRATION_MARK).exists()
    if is_real_custody or ((here.credentials / "doors.json").exists() and not here.is_demonstration):
        raise CliError("these are a real line's credentials; `up` is for demonstrations. See docs/install.md")


def is_running(here: Places) -> bool:
    """Whether an `up` holds this state folder now."""
    try:
        lock = os.open(here.home / _LOCK, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def _hold(home: Path) -> None:
    """One `up` for one state folder, whatever its ports: the lock is held until this process ends."""
    lock = os.open(home / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise CliError(f"another `up` is running on {home}") from error


def _refuse_a_taken_port(host: str, port: int, *, setting: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CliError(
                f"{host}:{port} is taken; is the line running already? Stop it, or set another port in {setting}"
            ) from error


async def _run(here: Places, environment: dict[str, str]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    channels = _channels(here)
    nouns_of = _NOUNS | {code: ("channel", "run", code) for code in channels}
    if "voice" in channels:
        nouns_of["softphone"] = ("softphone",)
    parts = [Part(name, (sys.executable, "-m", "safeconduct.cli", *nouns)) for name, nouns in nouns_of.items()]
    supervisor = Supervisor(parts, environment, lambda part, line: console.print(f"{part:<9} {line}", markup=False))
    loop = asyncio.get_running_loop()
    for wish in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wish, supervisor.stop)
    running = asyncio.create_task(supervisor.run())
    if await asyncio.to_thread(_wait_until_open, running):
        _welcome(console, here)
    await running
    console.print("Stopped. `make up` goes on from here.")


def _channels(here: Places) -> list[str]:
    """The channels that somebody has set up here."""
    return sorted(path.stem for path in (here.credentials / "channels").glob("*.toml"))


def _wait_until_open(running: asyncio.Task[None]) -> bool:
    """True once the public door would accept an application and both houses answer; False when it was stopped before."""
    edge, desk, custody = _edge(), _desk(), _custody()
    until = time.monotonic() + WAIT_S
    while not running.done() and time.monotonic() < until:
        doors = (f"{edge[0]}:{edge[1]}/healthz", f"localhost:{desk[1]}/", f"localhost:{custody[1]}/")
        if all(_answers(f"http://{door}") for door in doors):
            return True
        time.sleep(0.2)
    return False


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 - our own two addresses
            return bool(answer.status == 200)  # noqa: PLR2004
    except (urllib.error.URLError, OSError):
        return False


def _welcome(console: Console, here: Places) -> None:
    edge, desk = _edge(), _desk()
    console.print()
    console.print("[bold]Safe Conduct is running.[/bold] This is a demonstration: never use it for a real person.")
    console.print()
    console.print(f"  1  Apply as a person would       http://{edge[0]}:{edge[1]}/")
    console.print("     or chat, in another terminal  [bold].venv/bin/safeconduct chat[/bold]")
    console.print(f"  2  Sign in as an operator        http://localhost:{desk[1]}/")
    for person in demonstration.sign_ins(here):
        console.print(f"       {person.name:<9} {person.role:<14} {person.passphrase}")
    console.print("     their six-digit code there    [bold].venv/bin/safeconduct code olena[/bold]")
    console.print("  3  Open the case in the queue, and answer it.")
    console.print("  4  Be the person again: a chat shows the answer while it is open;")
    console.print(f"     who applied reads it by code  http://{edge[0]}:{edge[1]}/en/inbox")
    console.print(
        "  5  Walk a handover: olena offers the case to the cell; petro takes it over, reads it, plans it with the"
    )
    console.print("     unit Kestrel 3, which is there day and night, and proposes the plan; iryna approves it; petro")
    console.print("     releases it; unit reads the sheet and says what became of it.")
    console.print()
    if "voice" in _channels(here):
        console.print(
            "  To be called: open Phone at the desk, enter the address at its foot under Duty, and go on duty."
        )
        console.print()
    for line in demonstration.of_custody(here, f"http://localhost:{_custody()[1]}"):
        console.print(line, markup=False)
    console.print()
    if "SAFECONDUCT_HOME" in os.environ:
        console.print(f"  In the other terminal, first:    [bold]export SAFECONDUCT_HOME={here.home}[/bold]")
        console.print()
    console.print(f"  State lives in {here.home}. Ctrl-C stops; the next start goes on from there.")
    console.print()
