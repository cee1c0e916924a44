# SPDX-License-Identifier: AGPL-3.0-or-later
"""R8: from a person's file to what an operator may see or hear, through two sandboxes.

The first decodes the file to bare pixels or samples; whoever took it over could write what they like, so what comes out
is read as strictly as if the person had sent it. The second makes of that what a browser gets, and has never seen the file.
"""

import os
import re
import threading
from dataclasses import dataclass

from safeconduct.desk.cases import sandbox
from safeconduct.desk.cases.errors import NoSandbox, RenderingFailed
from safeconduct.desk.cases.sandbox import run

SIDE_MAX = 2000
RATE_BYTES = 32_000  # a second of 16 kHz, 16 bits, one voice
SECONDS_MAX = 600
AT_ONCE = 2  # each may take a processor and a gigabyte
PATIENCE_SECONDS = 30
_WAV_BYTES = 44
_PIXMAP = re.compile(rb"P6\n([1-9][0-9]{0,3}) ([1-9][0-9]{0,3})\n255\n")
_REFUSED = re.compile(rb"refused\n([a-z-]{1,20})")
_WAV = re.compile(rb"RIFF....WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\x3e\0\0\x00\x7d\0\0\x02\0\x10\0data....", re.DOTALL)
_JPEG, _OGG = b"\xff\xd8\xff", b"OggS"

# Why there is nothing to see. Words that the first sandbox may say; any other is "broken".
REASONS = frozenset(
    {"pdf", "zip", "ole", "rtf", "markup", "video", "program", "unknown", "heif", "too-large", "too-slow", "broken"}
)

_places = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True, repr=False)
class Picture:
    """A JPEG of our own making."""

    content: bytes
    width: int
    height: int
    media_type = "image/jpeg"
    kind = "picture"


@dataclass(frozen=True, slots=True, repr=False)
class Voice:
    """Ogg/Opus of our own making."""

    content: bytes
    seconds: int
    media_type = "audio/ogg"
    kind = "voice"


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing to see: one of `REASONS`, or "gone", "no-sandbox", "busy"."""

    reason: str
    kind = "refused"


Rendering = Picture | Voice | Refused


def render(content: int) -> Rendering:
    """What the file in this descriptor shows. Never raises for what the file holds."""
    if not _places.acquire(timeout=PATIENCE_SECONDS):
        return Refused("busy")
    try:
        return _rendered(run("look", content))
    except RenderingFailed as failed:
        return Refused(failed.reason if failed.reason in REASONS else "broken")
    except NoSandbox:
        return Refused("no-sandbox")
    finally:
        _places.release()


def _rendered(looked: bytes) -> Rendering:
    pixmap, wav, refused = _PIXMAP.match(looked), _WAV.match(looked), _REFUSED.fullmatch(looked)
    if pixmap:
        return _picture(looked, int(pixmap[1]), int(pixmap[2]), pixmap.end())
    if wav:
        return _voice(looked[_WAV_BYTES:])
    reason = refused[1].decode() if refused else "broken"
    return Refused(reason if reason in REASONS else "broken")


def _picture(looked: bytes, width: int, height: int, start: int) -> Rendering:
    if max(width, height) > SIDE_MAX or len(looked) - start != 3 * width * height:
        return Refused("broken")
    made = _made("jpeg", looked)
    return Picture(made, width, height) if made.startswith(_JPEG) else Refused("broken")


def _voice(samples: bytes) -> Rendering:
    if not 0 < len(samples) <= SECONDS_MAX * RATE_BYTES:
        return Refused("broken")
    made = _made("opus", samples)
    return Voice(made, -(-len(samples) // RATE_BYTES)) if made.startswith(_OGG) else Refused("broken")


def _made(task: str, plain: bytes) -> bytes:
    with sandbox.memory("plain") as descriptor:
        with os.fdopen(os.dup(descriptor), "wb") as target:
            target.write(plain)
        sandbox.seal(descriptor)
        return run(task, descriptor)
