# SPDX-License-Identifier: AGPL-3.0-or-later
"""Voice messages: to plain sound, and (in another run) sound to Ogg/Opus. ffmpeg takes this process's place: nothing can fork."""

import os
from typing import NoReturn

FFMPEG = "/program/ffmpeg"
RATE = 16_000
SECONDS_MAX = 600
_QUIET = ("-hide_banner", "-nostdin", "-loglevel", "quiet", "-threads", "1", "-filter_threads", "1")
_INPUT, _OUTPUT = ("-fd", "0", "-i", "fd:"), ("-y", "-fd", "1", "fd:")
_SOUND_ALONE = ("-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1", "-bitexact")
_DEMUXERS = {"ogg": "ogg", "mp4": "mov", "mp3": "mp3", "aac": "aac", "amr": "amr", "wav": "wav"}
_DECODERS = (
    "opus,libopus,vorbis,libvorbis,speex,libspeex,flac,aac,alac,mp3,mp3float,"
    "amrnb,libopencore_amrnb,amrwb,libopencore_amrwb,pcm_s16le,pcm_u8,pcm_alaw,pcm_mulaw"
)
_SHAPE = ("-ar", str(RATE), "-ac", "1")
_OPUS = ("-c:a", "libopus", "-b:a", "24k", "-application", "voip", "-f", "ogg")


def become_sound_of(kind: str) -> NoReturn:
    """Write the first ten minutes as a WAV of one shape. The demuxer is named, so that no other can be chosen by the file."""
    reading = ("-protocol_whitelist", "fd", "-codec_whitelist", _DECODERS, "-f", _DEMUXERS[kind], *_INPUT)
    _become(*reading, *_SOUND_ALONE, "-t", str(SECONDS_MAX), *_SHAPE, "-c:a", "pcm_s16le", "-f", "wav")


def become_opus() -> NoReturn:
    """Write what a browser plays."""
    _become("-f", "s16le", *_SHAPE, "-protocol_whitelist", "fd", *_INPUT, *_SOUND_ALONE, *_OPUS)


def _become(*how: str) -> NoReturn:
    os.lseek(0, 0, os.SEEK_SET)
    os.execv(FFMPEG, [FFMPEG, *_QUIET, *how, *_OUTPUT])  # noqa: S606 - a fixed path and fixed words
