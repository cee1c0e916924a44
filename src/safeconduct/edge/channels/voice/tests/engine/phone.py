# SPDX-License-Identifier: AGPL-3.0-or-later
"""Debian's baresip as a telephone that is not ours: it plays a file, writes down what it hears, and is told what to do."""

import asyncio
import contextlib
import json
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from safeconduct.edge.channels.voice.tests.engine.tones import read_wav, write_wav

SECONDS = 20.0  # for anything that must happen; a slow machine is no failure

_CONFIG = """\
module_path /usr/lib/baresip/modules
module g711.so
module g722.so
module aufile.so
module sndfile.so
module srtp.so
module_app account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
sip_listen 127.0.0.1:{port}
sip_certificate {certificate}
audio_source aufile,{folder}/says.wav
snd_path {folder}
rtp_ports {rtp}-{rtp_last}
net_interface 127.0.0.1
"""


class Phone:
    """Made by `phone`."""

    def __init__(
        self, folder: Path, uri: str, writer: asyncio.StreamWriter, process: asyncio.subprocess.Process
    ) -> None:
        self.uri = uri
        self.process = process
        self.events: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._folder = folder
        self._writer = writer

    def tell(self, command: str, params: str = "") -> None:
        text = json.dumps({"command": command, "params": params})
        self._writer.write(f"{len(text)}:{text},".encode())

    async def dial(self, uri: str) -> None:
        self.tell("dial", uri)
        await self.until("CALL_ESTABLISHED")

    async def press(self, keys: str, seconds: float = 0.12) -> None:
        for key in keys:
            self.tell("sndcode", key)
            await asyncio.sleep(seconds)
            self.tell("sndcode", "\x04")
            await asyncio.sleep(seconds)

    def hang_up(self) -> None:
        self.tell("hangup")

    async def until(self, *kinds: str) -> dict[str, Any]:
        async with asyncio.timeout(SECONDS):
            while True:
                event = await self.events.get()
                if event.get("type") in kinds:
                    return event

    def heard(self) -> tuple[bytes, int]:
        """All that it has heard in its last call, and the rate."""
        files = sorted(self._folder.glob("dump-*-dec.wav"))
        return read_wav(files[-1]) if files else (b"", 8000)

    def kill(self) -> None:
        """It vanishes without a word."""
        self.process.send_signal(signal.SIGKILL)


@contextlib.asynccontextmanager
async def phone(
    folder: Path,
    *,
    ports: tuple[int, int, int],
    number: str = "+4930123456",
    says: bytes | None = None,
    account: str = "",
    transport: str = "udp",
    codec: str = "pcma",
    certificate: Path | None = None,
) -> AsyncIterator[Phone]:
    """`ports`: of SIP (and TLS, the next one), of RTP (four), and to be told."""
    sip, rtp, control = ports
    config = _CONFIG.format(
        folder=folder, port=sip, control=control, rtp=rtp, rtp_last=rtp + 4, certificate=certificate or ""
    )
    owner = f"<sip:{number}@127.0.0.1;transport={transport}>;regint=0;audio_codecs={codec};{account}\n"
    _prepare(folder, config, owner, says, 16000 if codec.startswith("g722") else 8000)
    process = await asyncio.create_subprocess_exec(
        "baresip", "-f", str(folder), stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        reader, writer = await _connect(control)
        found = Phone(folder, f"sip:{number}@127.0.0.1:{sip}", writer, process)
        listening = asyncio.create_task(_read(reader, found.events))
        found.tell("callstat")
        await found.until("ANSWER")  # its loop runs, so it listens
        yield found
        listening.cancel()
        writer.close()
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _prepare(folder: Path, config: str, owner: str, says: bytes | None, rate: int) -> None:
    folder.mkdir(parents=True)
    write_wav(folder / "says.wav", (says or b"") + bytes(2 * rate * 60), rate)  # at its end it would send nothing more
    (folder / "config").write_text(config)
    (folder / "contacts").touch()
    (folder / "accounts").write_text(owner)


async def _connect(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    async with asyncio.timeout(SECONDS):
        while True:
            with contextlib.suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", port)
            await asyncio.sleep(0.02)


async def _read(reader: asyncio.StreamReader, events: asyncio.Queue[dict[str, Any]]) -> None:
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            size = int((await reader.readuntil(b":"))[:-1])
            event = json.loads((await reader.readexactly(size + 1))[:-1])
            events.put_nowait({"type": "ANSWER", **event})
