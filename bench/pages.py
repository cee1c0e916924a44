# SPDX-License-Identifier: AGPL-3.0-or-later
"""`pages`: fixed pages per second and the bytes of a first visit, held against the same server answering a bare 200."""

from functools import partial
from pathlib import Path

from bench import doors, load
from bench.table import Figure

CONNECTIONS = 64
LANGUAGES = ("en", "uk", "ru", "ko-KP", "ar")
FIRST_VISIT_MOST = 14_000.0


def request(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip, deflate, br\r\n\r\n".encode()


def measure(folder: Path, seconds: float) -> list[Figure]:
    """Requests for the appeal in Ukrainian; then the bytes of a first visit in each language, headers included."""
    with doors.limit(folder / "limit") as port:
        bare = load.run(port, lambda: request("/bare"), connections=CONNECTIONS, seconds=seconds)
    with doors.edge(folder / "home") as port:
        ours = load.run(port, lambda: request("/uk/"), connections=CONNECTIONS, seconds=seconds)
        sizes = {tag: load.run(port, partial(request, f"/{tag}/"), connections=1, seconds=0.05) for tag in LANGUAGES}
    figures = [Figure("pages", ours.per_second, "pages/s", bare.per_second)]
    figures += [
        Figure(f"first visit {tag}", float(one.bytes_of_one), "bytes", FIRST_VISIT_MOST, is_ceiling=True)
        for tag, one in sizes.items()
    ]
    return figures
