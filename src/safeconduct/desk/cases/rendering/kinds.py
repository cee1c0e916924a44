# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a file is, by its first bytes. What the provider or the name says is believed by nobody."""

HEAD_BYTES = 64
PICTURES = frozenset({"jpeg", "png", "webp", "gif", "heif", "tiff"})
VOICES = frozenset({"ogg", "mp4", "mp3", "aac", "amr", "wav"})
DOCUMENTS = frozenset({"pdf", "zip", "ole", "rtf", "markup", "video", "program"})

_STARTS = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"OggS", "ogg"),
    (b"#!AMR", "amr"),
    (b"ID3", "mp3"),
    (b"%PDF", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"\x1a\x45\xdf\xa3", "video"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"#!/", "program"),
)
_RIFF = {b"WEBP": "webp", b"WAVE": "wav", b"AVI ": "video"}
_STILLS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"avif"})
_SOUNDS = frozenset({b"M4A ", b"M4B ", b"mp42", b"isom", b"mp41", b"iso2", b"3gp4", b"3gp5", b"3gp6", b"dash"})

_SYNC = b"\xff"
_ADTS = frozenset({b"\xf0", b"\xf1", b"\xf8", b"\xf9"})
_THIRD_LAYER = frozenset({b"\xe2", b"\xe3", b"\xf2", b"\xf3", b"\xfa", b"\xfb"})


def kind_of(head: bytes) -> str:
    """One of the words above, or "unknown". An mp4 may hold a film: only its sound is ever taken out of it."""
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "unknown")
    if head[4:8] == b"ftyp":
        return _branded(head[8:12])
    if head[:1] == _SYNC:
        return _frame(head[1:2])
    return "markup" if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else "unknown"


def _branded(brand: bytes) -> str:
    if brand in _STILLS:
        return "heif"
    return "mp4" if brand in _SOUNDS else "video"


def _frame(second: bytes) -> str:
    """A bare MPEG frame: ADTS has no layer, MP3 has the third."""
    if second in _ADTS:
        return "aac"
    return "mp3" if second in _THIRD_LAYER else "unknown"
