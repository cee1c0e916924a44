# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures: decoded to plain pixels, and (in another run) pixels to a JPEG. No metadata survives pixels."""

from typing import Any

import pyvips

SIDE_MAX = 2000
PIXELS_MAX = 120_000_000  # phones take pictures of 108 million
QUALITY = 85
# Everything that libvips could open is shut, and these alone are opened again: no SVG, PDF, ImageMagick or scripts.
_LOADERS = ("Jpeg", "Png", "Webp", "Nsgif", "Heif", "Tiff")


class Unreadable(Exception):  # noqa: N818 - a refusal is named by what was refused
    """`reason` is one of the words that the desk knows."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def shut_loaders() -> None:
    """Before anything of the file is looked at."""
    pyvips.operation_block_set("VipsForeignLoad", True)
    for name in _LOADERS:
        pyvips.operation_block_set(f"VipsForeignLoad{name}", False)
    pyvips.block_untrusted_set(True)
    pyvips.cache_set_max(0)


def pixels_of(content: bytes) -> bytes:
    """A portable pixmap (P6), at most `SIDE_MAX` a side, upright, on white. Raises `Unreadable`."""
    try:
        header = pyvips.Image.new_from_buffer(content, "", access="sequential")
        if header.width * header.height > PIXELS_MAX:
            raise Unreadable("too-large")
        small = pyvips.Image.thumbnail_buffer(content, SIDE_MAX, height=SIDE_MAX, size="down", fail_on="truncated")
        flat = _plain(small)
        return b"P6\n%d %d\n255\n" % (flat.width, flat.height) + bytes(flat.write_to_memory())
    except pyvips.Error:
        raise Unreadable("broken") from None


def jpeg_of(pixmap: bytes) -> bytes:
    """What a browser shows. Raises `ValueError` for bytes that the first run does not write."""
    _, size, _, rgb = pixmap.split(b"\n", 3)
    width, height = (int(side) for side in size.split())
    picture = pyvips.Image.new_from_memory(rgb, width, height, 3, "uchar")
    return bytes(picture.jpegsave_buffer(Q=QUALITY, keep="none"))


def _plain(picture: Any) -> Any:
    """Three bands of eight bits."""
    if picture.hasalpha():
        picture = picture.flatten(background=[255, 255, 255])
    picture = picture.colourspace("srgb").cast("uchar")
    return picture.extract_band(0, n=3) if picture.bands >= 3 else picture.bandjoin([picture, picture])  # noqa: PLR2004
