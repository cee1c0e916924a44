# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people send: invented pictures and sounds, sealed as the edge seals them."""

import io
import secrets
import subprocess
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pyvips
from tests.desk.cases.conftest import Line, Person

from safeconduct.desk.cases import file_rendering, sandbox
from safeconduct.desk.cases.file_rendering import Rendering
from safeconduct.desk.cases.files import PURPOSE
from safeconduct.sealing.streams import close_stream
from safeconduct.vocabulary.applications import Kind
from safeconduct.vocabulary.records import FileSent

VOICES = {
    "ogg": ["-c:a", "libopus"],
    "m4a": [],
    "mp3": [],
    "amr": ["-ar", "8000", "-ac", "1"],
    "aac": [],
    "wav": ["-ar", "8000", "-ac", "1"],
}


def picture(ending: str = ".jpg", width: int = 320, height: int = 240, **how: Any) -> bytes:
    """Four quarters of four colours."""
    quarter = pyvips.Image.black(width // 2, height // 2, bands=3)
    parts = [quarter + colour for colour in ([200, 30, 30], [30, 200, 30], [30, 30, 200], [200, 200, 30])]
    whole = pyvips.Image.arrayjoin(parts, across=2).cast("uchar").copy(interpretation="srgb")
    return bytes(whole.write_to_buffer(ending, **how))


def voice(ending: str = "ogg", seconds: int = 2) -> bytes:
    """A tone, with a title that must not survive."""
    muxer = {"m4a": "ipod", "aac": "adts"}.get(ending, ending)
    said = ["-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}", "-metadata", "title=PLANTED"]
    where = ["-movflags", "frag_keyframe+empty_moov"] if ending == "m4a" else []
    call = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", *said, *VOICES[ending], *where, "-f", muxer, "-"]
    return subprocess.run(call, capture_output=True, check=True).stdout


def rendered(content: bytes) -> Rendering:
    """What the desk makes of these bytes."""
    with sandbox.memory("test") as descriptor, open(descriptor, "wb", closefd=False) as target:
        target.write(content)
        target.flush()
        sandbox.seal(descriptor)
        return file_rendering.render(descriptor)


def send(line: Line, person: Person, content: bytes, *, name: str | None = None, media_type: str = "image/jpeg") -> str:
    """The file into the folder and its record into the case; the address of its page."""
    sent = FileSent(secrets.token_bytes(16), secrets.token_bytes(32), len(content), media_type, name)
    folder = place(line)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / sent.storage.hex()).open("wb") as target:
        close_stream(sent.key, io.BytesIO(content), target, purpose=PURPOSE)
    line.put(person, line.seal(person, sent, Kind.MESSAGE))
    line.collect()
    row = line.last(person)
    return f"/cases/{row.case.number}/files/{bytes(row.envelope).hex()}/"


def place(line: Line) -> Path:
    return line.home / "files"
