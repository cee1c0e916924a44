# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m safeconduct.desk.cases.rendering look|jpeg|opus`: standard input to standard output, both in memory.

`look` writes a pixmap, a WAV, or the word "refused" and why; the others write what a browser shows or plays.
"""

import os
import resource
import sys

MEMORY_MAX = 1536 << 20
PROCESSOR_SECONDS_MAX = 30
OUTPUT_MAX = 24 << 20


def main(task: str) -> None:
    limit_oneself()
    if task == "look":
        look()
    elif task == "jpeg":
        from safeconduct.desk.cases.rendering import pictures  # noqa: PLC0415 - loaded under the limits

        write(pictures.jpeg_of(content()))
    elif task == "opus":
        from safeconduct.desk.cases.rendering import voices  # noqa: PLC0415

        voices.become_opus()


def limit_oneself() -> None:
    """Before the file is touched; what is given up here cannot be had back."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_MAX),
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS_MAX),
        (resource.RLIMIT_FSIZE, OUTPUT_MAX),
        (resource.RLIMIT_NPROC, 32),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def look() -> None:
    from safeconduct.desk.cases.rendering import kinds, voices  # noqa: PLC0415 - loaded under the limits

    kind = kinds.kind_of(os.pread(0, kinds.HEAD_BYTES, 0))
    if kind in kinds.PICTURES:
        write(seen(kind))
    elif kind in kinds.VOICES:
        voices.become_sound_of(kind)
    else:
        write(b"refused\n" + kind.encode())


def seen(kind: str) -> bytes:
    from safeconduct.desk.cases.rendering import pictures  # noqa: PLC0415 - libvips is not loaded for a voice

    pictures.shut_loaders()
    try:
        return pictures.pixels_of(content())
    except pictures.Unreadable as unreadable:
        # An iPhone's own format needs a patented decoder, which is not built in; AVIF, its sister, opens.
        reason = "heif" if kind == "heif" and unreadable.reason == "broken" else unreadable.reason
        return b"refused\n" + reason.encode()


def content() -> bytes:
    return os.pread(0, os.fstat(0).st_size, 0)


def write(answer: bytes) -> None:
    left = memoryview(answer)
    while left:
        left = left[os.write(1, left) :]


if __name__ == "__main__":
    main(sys.argv[1])
