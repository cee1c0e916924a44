# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole line, as `make up` runs it, on free ports and an empty state folder; real browsers on both sides."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.journey.chat_lives import Lives, live_all
from tests.ports import free_port

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# What a person's browser comes from: another loopback address than the tests', so that a trace of it can be searched.
PERSONS_ADDRESS = "127.0.0.77"


@dataclass
class Line:
    """A running line."""

    home: Path
    edge: str
    desk: str
    environment: dict[str, str]
    log: Path
    used_codes: set[str] = field(default_factory=set)

    @property
    def custody(self) -> str:
        """The other house, which runs beside it."""
        return self.environment["SAFECONDUCT_CUSTODY_ORIGIN"]

    def command(self, *words: str) -> str:
        """What `safeconduct …` prints for this line."""
        done = subprocess.run(
            [sys.executable, "-m", "safeconduct.cli", *words],
            env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def passphrase(self, name: str) -> str:
        people = json.loads((self.home / "demonstration" / "signin.json").read_text())
        return next(str(person["passphrase"]) for person in people if person["name"] == name)

    def _fresh_code(self, name: str) -> str:
        """A code that was not used yet: each works once, for thirty seconds."""
        code = self.command("code", name).split()[0]
        while code in self.used_codes:
            time.sleep(1)
            code = self.command("code", name).split()[0]
        self.used_codes.add(code)
        return code

    def sign_in(self, page: Page, name: str) -> None:
        """Through the real door, with a fresh code: each works once."""
        page.goto(self.desk)
        page.fill("input[name=name]", name)
        page.fill("input[name=passphrase]", self.passphrase(name))
        page.fill("input[name=code]", self._fresh_code(name))
        page.click("button:has-text('Sign in')")
        page.wait_for_url(lambda address: "sign-in" not in address)


def _answers(address: str) -> bool:
    with contextlib.suppress(urllib.error.URLError, OSError), urllib.request.urlopen(address, timeout=2) as answer:
        return bool(answer.status == 200)
    return False


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Line]:
    """`safeconduct up` from start to a clean end; a second time on the same folder it goes on from there."""
    edge, desk, custody = free_port(), free_port(), free_port()
    environment = {
        **os.environ,
        "SAFECONDUCT_HOME": str(folder / "home"),
        "SAFECONDUCT_EDGE_PORT": str(edge),
        "SAFECONDUCT_DESK_LISTEN": f"127.0.0.1:{desk}",
        "SAFECONDUCT_DESK_ORIGIN": f"http://localhost:{desk}",
        "SAFECONDUCT_CUSTODY_LISTEN": f"127.0.0.1:{custody}",
        "SAFECONDUCT_CUSTODY_ORIGIN": f"http://localhost:{custody}",
        "SAFECONDUCT_DEMONSTRATION": "yes",
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    line = Line(folder / "home", f"http://127.0.0.1:{edge}", f"http://localhost:{desk}", environment, folder / "log")
    with line.log.open("wb") as log:
        command = [sys.executable, "-m", "safeconduct.cli", "up"]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_until_open(line, process)
            yield line
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def _wait_until_open(line: Line, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 180
    while not (_answers(line.edge + "/healthz") and _answers(line.desk) and _answers(line.custody)):
        assert process.poll() is None, line.log.read_text()
        assert time.monotonic() < until, line.log.read_text()
        time.sleep(0.2)


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with running(tmp_path_factory.mktemp("line")) as line:
        yield line


@pytest.fixture(scope="module")  # and not longer: its event loop would stand in the way of other rooms' tests
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "Chromium is missing: make test installs it, or says how"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


class Desks:
    """Operators at their desks, signed in once each: a code works once in its thirty seconds."""

    def __init__(self, line: Line, chromium: Browser) -> None:
        self._line = line
        self._chromium = chromium
        self._pages: dict[str, Page] = {}

    def of(self, name: str, *, has_scripts: bool = True) -> Page:
        if name not in self._pages:
            self._pages[name] = self._chromium.new_context(java_script_enabled=has_scripts).new_page()
            self._line.sign_in(self._pages[name], name)
        return self._pages[name]


@pytest.fixture(scope="module")
def desks(line: Line, chromium: Browser) -> Desks:
    return Desks(line, chromium)


@pytest.fixture(scope="session")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Lives:
    """Every invented application of the messengers, lived through once."""
    return live_all(tmp_path_factory.mktemp("lives"))
