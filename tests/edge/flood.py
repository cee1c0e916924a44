# SPDX-License-Identifier: AGPL-3.0-or-later
"""A hostile crowd at a real door: many connections that post applications as fast as they are answered."""

import asyncio
import base64
import re
import secrets
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

ANSWERS = {"type": "individual", "stage": "front", "language": "en", "contact": "web"}
PASSES_MOST = 200  # that one of them hoards while they ripen
RIPE_SECONDS = 30.5

_SUM = re.compile(r">(\d) \+ (\d) = \?<")
_PASS = re.compile(r'name="pass" value="([^"]+)"')
_LENGTH = re.compile(rb"(?i)content-length: (\d+)")


@dataclass
class Crowd:
    """`clever` ones answer the question, and hoard passes for as long as the wait takes."""

    port: int
    met: Counter[str] = field(default_factory=Counter)

    async def flood(self, addresses: Iterable[str], *, clever: bool) -> None:
        """One connection for each address, until cancelled."""
        async with asyncio.TaskGroup() as group:
            for address in addresses:
                group.create_task(self._one(address, clever=clever))

    async def _one(self, address: str, *, clever: bool) -> None:
        hoard: deque[tuple[float, dict[str, str]]] = deque()
        loop = asyncio.get_running_loop()
        while True:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                while True:
                    form = fresh()
                    if hoard and (hoard[0][0] <= loop.time() or len(hoard) > PASSES_MOST):
                        form = hoard.popleft()[1]  # some come too early, and stand
                    page = await _asked(reader, writer, _request(address, form))
                    kind = _kind(page)
                    self.met[kind] += 1
                    if clever and kind == "asked":
                        hoard.append((loop.time() + RIPE_SECONDS, {**form, **_answer(page)}))
            except (ConnectionError, asyncio.IncompleteReadError):
                self.met["broken"] += 1
            finally:
                writer.close()


def fresh() -> dict[str, str]:
    ticket = base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()
    return {**ANSWERS, "text": "x" * 400, "ticket": ticket}


async def _asked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> str:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    assert length is not None
    return head.decode() + (await reader.readexactly(int(length[1]))).decode()


def _request(address: str, form: Mapping[str, str]) -> bytes:
    body = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in form.items()
    )
    body += "--b--\r\n"
    head = (
        "POST /en/apply HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        f"X-Forwarded-For: {address}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()


def _kind(page: str) -> str:
    if _SUM.search(page):
        return "asked"
    return "stored" if 'id="receipt"' in page else page[9:12]


def _answer(page: str) -> dict[str, str]:
    numbers, sealed = _SUM.search(page), _PASS.search(page)
    assert numbers is not None
    assert sealed is not None
    return {"pass": sealed[1], "sum": str(int(numbers[1]) + int(numbers[2]))}
