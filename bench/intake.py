# SPDX-License-Identifier: AGPL-3.0-or-later
"""`intake`: durable, sealed web applications per second, held against bare ASGI with the same work."""

import base64
import secrets
from collections.abc import Callable
from pathlib import Path

from bench import doors, load
from bench.limit_app import TEXT
from bench.load import Load
from bench.table import Figure

CONNECTIONS = 64
BOUNDARY = "----applicationform"
FIELDS = {
    "type": "individual", "stage": "training", "language": "uk", "contact": "web", "contact_from": "00:00",
    "contact_to": "23:59", "contact_zone": "Europe/Kyiv", "neutral_text": "yes", "text": TEXT, "decision": "send",
}  # fmt: skip


def final_posts() -> Callable[[], bytes]:
    """Makes final posts of the form: each with a ticket of its own, about 1 kB of Cyrillic inside."""
    body = (
        "".join(_part(name, value) for name, value in FIELDS.items())
        + _part("ticket", "T" * 43)
        + f"--{BOUNDARY}--\r\n"
    )
    head = (
        "POST /uk/apply HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {len(body.encode())}\r\n\r\n"
    )
    before, after = (head + body).encode().split(b"T" * 43)
    return lambda: before + base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=") + after


def _part(name: str, value: str) -> str:
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'


def limit_posts() -> Callable[[], bytes]:
    body = final_posts()().split(b"\r\n\r\n", 1)[1]
    request = b"POST /store HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    return lambda: request


def measure(folder: Path, seconds: float) -> list[Figure]:
    """The door for `seconds`, the limit for half as long before and after it, so that a drift of the machine shows."""
    limits = [_limit(folder / "limit-before", seconds / 2)]
    with doors.edge(folder / "home") as port:
        load.run(port, final_posts(), connections=CONNECTIONS, seconds=2)  # warm
        ours = load.run(port, final_posts(), connections=CONNECTIONS, seconds=seconds)
    limits.append(_limit(folder / "limit-after", seconds / 2))
    limit = sum(one.per_second for one in limits) / len(limits)
    return [
        Figure("intake", ours.per_second, "applications/s", limit),
        Figure("intake p50", ours.percentile(0.50) * 1000, "ms", None),
        Figure("intake p99", ours.percentile(0.99) * 1000, "ms", 100.0, is_ceiling=True),
        Figure("intake failures", float(ours.failures), "requests", None),
    ]


def _limit(folder: Path, seconds: float) -> Load:
    with doors.limit(folder) as port:
        load.run(port, limit_posts(), connections=CONNECTIONS, seconds=1)
        return load.run(port, limit_posts(), connections=CONNECTIONS, seconds=seconds)
