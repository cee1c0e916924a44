# SPDX-License-Identifier: AGPL-3.0-or-later
"""A desk and a softphone as they are served, telephones that call, and an operator's browser with an invented microphone."""

import contextlib
import json
import math
import os
import shutil
import socket
import sqlite3
import struct
import subprocess
import sys
import time
import urllib.request
import wave
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

import pytest
from django_otp.oath import TOTP
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.ports import free_port

from safeconduct.desk.telephone.settings import socket_in

SERVE = "from safeconduct.desk.project.serve import serve; serve()"
SPOKEN, CALLED = 700.0, 1300.0  # Hz: the operator's and the caller's voice
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=user-gesture-required",
]


def share(pcm: bytes, rate: int, pitch: float) -> float:
    """How much of the sound is this pitch, 0 to 1. Piece by piece: a lost packet moves the wave, and it is the same tone."""
    samples = struct.unpack(f"={len(pcm) // 2}h", pcm[: len(pcm) // 2 * 2])
    pieces = [samples[at : at + rate // 50] for at in range(0, len(samples) - rate // 50 + 1, rate // 50)]
    whole = sum(sum(sample * sample for sample in piece) * len(piece) / 2 for piece in pieces)
    return sum(_power(piece, rate, pitch) for piece in pieces) / whole if whole else 0.0


def _power(samples: Sequence[int], rate: int, pitch: float) -> float:
    """Goertzel's."""
    turn = 2 * math.cos(2 * math.pi * pitch / rate)
    one = two = 0.0
    for sample in samples:
        one, two = sample + turn * one - two, one
    return one * one + two * two - turn * one * two


@dataclass
class Caller:
    """A telephone of the line in a process of its own."""

    process: subprocess.Popen[str]
    heard: Path
    said: Queue[str] = field(default_factory=Queue)

    def __post_init__(self) -> None:
        Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.put(line.strip())

    def expect(self, word: str, seconds: float = 15) -> None:
        """Wait until it says that. What it says meanwhile is passed over."""
        until, passed = time.monotonic() + seconds, []
        while (left := until - time.monotonic()) > 0:
            try:
                passed.append(self.said.get(timeout=left))
            except Empty:
                break
            if passed[-1] == word:
                return
        raise AssertionError(f"{word} was not said, but {passed}")

    def share(self, pitch: float, seconds: float = 1.0, rate: int = 16000) -> float:
        """Of the last sound that it heard."""
        return share(self.heard.read_bytes()[-int(seconds * rate) * 2 :], rate, pitch)

    def hang_up(self) -> None:
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def end(self) -> None:
        """Hang up as a telephone does, or else be taken away."""
        assert self.process.stdin
        assert self.process.stdout
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


@dataclass
class Line:
    """Desk and softphone on ports of their own."""

    address: str
    home: Path
    sip: str
    environment: dict[str, str]
    folder: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    callers: list[Caller] = field(default_factory=list)

    def start(self, name: str, *command: str) -> None:
        with (self.home / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *command], env=self.environment, stdout=log, stderr=log
            )

    def start_softphone(self) -> None:
        self.start("softphone", "-m", "safeconduct.cli", "softphone")
        until = time.monotonic() + 20
        while time.monotonic() < until:
            with socket.socket(socket.AF_UNIX) as door:
                try:
                    door.connect(str(socket_in(self.home)))
                except OSError:
                    time.sleep(0.05)
                    continue
                return
        raise TimeoutError((self.home / "softphone.log").read_text())

    def call(self, phone: str, *how: str, **headers: str) -> Caller:
        """Somebody calls this phone; the headers are X-… ones, `how` is told by caller.py."""
        heard = self.folder / f"heard-{len(self.callers)}.pcm"
        told = [f"X-{name.title()}={value}" for name, value in headers.items()]
        script = str(Path(__file__).with_name("caller.py"))
        uri = f"sip:{phone}@{self.sip}"
        process = subprocess.Popen(
            [sys.executable, script, "127.0.0.1", str(free_port()), uri, str(CALLED), str(heard), *told, *how],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.callers.append(Caller(process, heard))
        return self.callers[-1]

    def log(self) -> str:
        return (self.home / "softphone.log").read_text() + (self.home / "desk.log").read_text()

    def passphrase(self, name: str) -> str:
        people = json.loads((self.home / "demonstration" / "signin.json").read_text())
        return str(next(person["passphrase"] for person in people if person["name"] == name))

    def code(self, name: str) -> str:
        with sqlite3.connect(self.home / "desk" / "desk.db", timeout=10) as desk:
            whose = "SELECT id FROM operators_operator WHERE name = ?"
            desk.execute(f"UPDATE otp_totp_totpdevice SET last_t = -1 WHERE user_id = ({whose})", (name,))  # noqa: S608
            (key,) = desk.execute(f"SELECT key FROM otp_totp_totpdevice WHERE user_id = ({whose})", (name,)).fetchone()  # noqa: S608
        desk.close()
        return f"{TOTP(bytes.fromhex(key)).token():06}"

    def sign_in(self, page: Page, name: str) -> None:
        page.goto(self.address + "/sign-in/")
        page.fill("#name", name)
        page.fill("#passphrase", self.passphrase(name))
        page.fill("#code", self.code(name))
        page.click("main button")
        page.wait_for_selector("header.head")

    def at_the_phone(self, page: Page, name: str) -> Page:
        """Signed in, with the telephone open and ready."""
        self.sign_in(page, name)
        page.goto(self.address + "/phone/")
        page.wait_for_selector("[data-when=off]:visible")  # not on duty: the calls of these tests are made directly
        return page


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    home = tmp_path_factory.mktemp("phones")
    port, sip = free_port(), free_port()
    known = {name: value for name, value in os.environ.items() if not name.startswith(("SAFECONDUCT_", "DJANGO_"))}
    told = {
        "HOME": str(home),
        "DEMONSTRATION": "yes",
        "DESK_LISTEN": f"127.0.0.1:{port}",
        "SOFTPHONE_SIP": f"127.0.0.1:{sip}",
        "SOFTPHONE_SIP_PORTS": "42000-42199",
        "SOFTPHONE_BROWSER_PORTS": "42200-42399",
    }
    environment = known | {f"SAFECONDUCT_{name}": value for name, value in told.items()}
    subprocess.run([sys.executable, "-m", "safeconduct.cli.preparation"], env=environment, check=True)
    line = Line(f"http://localhost:{port}", home, f"127.0.0.1:{sip}", environment, home)
    line.start("desk", "-c", SERVE)
    try:
        line.start_softphone()
        _wait(line.address + "/sign-in/")
        yield line
    finally:
        for process in line.processes.values():
            process.terminate()
        ends = [process.wait(15) for process in line.processes.values()]
    assert ends == [0, 0]


@pytest.fixture(autouse=True)
def _nobody_calls_on(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every telephone of a test hangs up at its end."""
    yield
    if "line" in request.fixturenames:
        line: Line = request.getfixturevalue("line")
        for caller in line.callers:
            caller.end()
        line.callers.clear()


def _wait(address: str) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(address)


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Its microphone says one tone for ever."""
    said = tmp_path_factory.mktemp("microphone") / "said.wav"
    with wave.open(str(said), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48000)
        tone = (int(9000 * math.sin(2 * math.pi * SPOKEN * n / 48000)) for n in range(48000))
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in tone))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=[*FLAGS, f"--use-file-for-fake-audio-capture={said}"]
        )
        yield browser
        browser.close()


SPY = """
  window.microphones = [];
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (...wishes) => {
    const stream = await real(...wishes);
    window.microphones.push(...stream.getTracks());
    return stream;
  };
"""
HEAR = """async () => {
  const sound = new AudioContext();
  await sound.resume();
  const source = sound.createMediaStreamSource(document.getElementById("heard").srcObject);
  const look = sound.createAnalyser();
  look.fftSize = 16384;
  source.connect(look);
  await new Promise((done) => setTimeout(done, 1500));
  const wave = new Float32Array(look.fftSize);
  look.getFloatTimeDomainData(wave);
  const rate = sound.sampleRate;
  await sound.close();
  return [rate, [...wave].map((one) => Math.round(Math.max(-1, Math.min(1, one)) * 32000))];
}"""


@dataclass
class Window:
    """One operator at one browser of their own."""

    page: Page
    context: BrowserContext

    def shows(self, state: str, seconds: float = 15) -> None:
        self.page.wait_for_selector(f"[data-when={state}]:visible", timeout=seconds * 1000)

    def told(self, before: str, seconds: float = 15) -> None:
        self.page.wait_for_selector(f"[data-before={before}]:visible", timeout=seconds * 1000)

    def share(self, pitch: float) -> float:
        """Of what comes out of the browser's loudspeaker."""
        rate, samples = self.page.evaluate(HEAR)
        return share(struct.pack(f"={len(samples)}h", *map(int, samples)), rate, pitch)  # JavaScript has a -0

    def tracks(self) -> list[str]:
        """Every microphone that the page was ever given, and whether it is still open."""
        return [str(state) for state in self.page.evaluate("microphones.map((track) => track.readyState)")]


@pytest.fixture
def window(chromium: Browser) -> Iterator[Callable[..., Window]]:
    """Opens windows. Any error in a console, a stopped script above all, fails the test."""
    troubles: list[str] = []
    contexts: list[BrowserContext] = []

    def opened(**how: Any) -> Window:
        context = chromium.new_context(viewport={"width": 1280, "height": 800}, **how)
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(SPY)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda told: troubles.append(told.text) if told.type == "error" else None)
        page.on("dialog", lambda dialog: dialog.accept())
        return Window(page, context)

    yield opened
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture
def olena(line: Line, window: Callable[..., Window]) -> Window:
    """An operator at her telephone."""
    window_ = window()
    line.at_the_phone(window_.page, "olena")
    return window_
