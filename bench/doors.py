# SPDX-License-Identifier: AGPL-3.0-or-later
"""Starts the processes that are measured, on free ports and an empty state folder, and ends them."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def started(command: Sequence[str], address: str, environment: dict[str, str] | None = None) -> Iterator[None]:
    """Run `command` until the block ends; the block begins when `address` answers."""
    process = subprocess.Popen(command, env={**os.environ, **(environment or {})})
    try:
        _wait(address, process)
        yield
    finally:
        process.terminate()
        process.wait(20)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        with contextlib.suppress(urllib.error.URLError, OSError), urllib.request.urlopen(address, timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise TimeoutError(address)


@contextlib.contextmanager
def edge(home: Path) -> Iterator[int]:
    """The real public door with a demonstration's keys and board, one worker. Yields its port."""
    port = free_port()
    environment = {
        "SAFECONDUCT_HOME": str(home),
        "SAFECONDUCT_EDGE_PORT": str(port),
        "SAFECONDUCT_DEMONSTRATION": "yes",
    }
    subprocess.run([sys.executable, "-m", "safeconduct.cli.preparation"], check=True, env={**os.environ, **environment})
    with started([sys.executable, "-m", "safeconduct.cli", "edge"], f"http://127.0.0.1:{port}/healthz", environment):
        yield port


@contextlib.contextmanager
def limit(folder: Path) -> Iterator[int]:
    """The bare application that the door is held against. Yields its port."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    with started([sys.executable, "-m", "bench.limit_app", str(port), str(folder)], f"http://127.0.0.1:{port}/bare"):
        yield port
