# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio
import contextlib
import itertools
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from tests.ports import free_port

from safeconduct.edge.channels.voice.baresip_engine import BaresipEngine
from safeconduct.edge.channels.voice.engine import Call
from safeconduct.edge.channels.voice.sip_settings import SipSettings
from safeconduct.edge.channels.voice.tests.engine import phone as phones
from safeconduct.edge.channels.voice.tests.engine import sipp

OnCall = Callable[[Call], Awaitable[None]]

PORTS = 16  # a telephone has so many that follow each other


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of them listen to sound as it passes."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.alone)


class Lab:
    """Engines, telephones and callers of one test, all of them gone after it."""

    def __init__(self, folder: Path, stack: contextlib.AsyncExitStack) -> None:
        self.folder = folder
        self.port = free_port(PORTS)
        self._stack = stack
        self._numbers = itertools.count(1)

    async def engine(self, on_call: OnCall, **settings: Any) -> BaresipEngine:
        engine = BaresipEngine(SipSettings(**{"port": self.port, **settings}))
        self._stack.push_async_callback(engine.close)
        await engine.start(on_call)
        return engine

    async def phone(self, **options: Any) -> phones.Phone:
        first = free_port(PORTS)
        ports = (first, first + 4, first + 12)
        folder = self.folder / f"phone{next(self._numbers)}"
        return await self._stack.enter_async_context(phones.phone(folder, ports=ports, **options))

    async def callers(self, scenario: str, **options: Any) -> asyncio.subprocess.Process:
        port = options.setdefault("port", free_port(PORTS))
        folder = self.folder / f"sipp{next(self._numbers)}"
        options = {"to": self.port, "media": 10000 + (port % 4500) * 2, **options}
        process = await sipp.start(scenario, folder, **options)
        self._stack.push_async_callback(sipp.ends, process, 0.0)
        await until(lambda: process.returncode is not None or is_bound(port))
        return process

    def uri(self, user: str = "4711", **parameters: str) -> str:
        return f"sip:{user}@127.0.0.1:{self.port}" + "".join(f";{name}={value}" for name, value in parameters.items())


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[Lab]:
    async with contextlib.AsyncExitStack() as stack:
        yield Lab(tmp_path, stack)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and its own certificate for 127.0.0.1."""
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-keyout", folder / "key", "-out", folder / "certificate", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    both = folder / "both.pem"
    both.write_bytes((folder / "key").read_bytes() + (folder / "certificate").read_bytes())
    return both


def is_bound(port: int) -> bool:
    """Whether somebody listens on this UDP port."""
    return f":{port:04X} " in Path("/proc/net/udp").read_text(encoding="ascii")


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(phones.SECONDS):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in another program
            await asyncio.sleep(0.01)
