# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make bench`: all figures as a table, and in var/bench/latest.json.

`BENCH_SECONDS` sets how long a load lasts (60), `BENCH_DESK_CASES` how many cases the desk's PostgreSQL holds (100,000), and
`BENCH_CUSTODY_PERSONS` how many persons the register (100,000).
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench import chat, collect, custody, desk, intake, pages, paper, table, voice
from bench.table import Figure

SECONDS = float(os.environ.get("BENCH_SECONDS", "60"))


def main() -> None:
    """Run the benches named on the command line, or all of them."""
    benches: dict[str, Callable[[Path], list[Figure]]] = {
        "intake": lambda folder: intake.measure(folder, SECONDS),
        "pages": lambda folder: pages.measure(folder, max(2.0, SECONDS / 6)),
        "chat": lambda folder: chat.measure(folder, max(2.0, SECONDS / 6)),
        "collect": collect.measure,
        "desk": lambda folder: desk.measure(folder, seconds=max(8.0, SECONDS / 3)),
        "custody": custody.measure,
        "paper": paper.measure,
        "voice": lambda folder: voice.measure(folder, max(2.0, SECONDS / 6)),
    }
    figures: list[Figure] = []
    for name in sys.argv[1:] or benches:
        # On the disk of the state folder, not in /tmp, which may be memory: durable writes are what is measured.
        Path("var/bench").mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir="var/bench"))
        figures += benches[name](folder)
        shutil.rmtree(folder)
    table.show(figures)
    table.write(figures, Path("var/bench/latest.json"))


if __name__ == "__main__":
    main()
