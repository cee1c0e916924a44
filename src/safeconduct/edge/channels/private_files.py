# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files with a channel's tokens and passwords: nobody but this user may read them, as with every other secret."""

import os
import stat
from pathlib import Path

from safeconduct.edge.channels.errors import SettingsRefused

SIZE_MAX = 64 << 10


def read_private(path: Path) -> bytes:
    """Raises `SettingsRefused`, with the mend."""
    try:
        with path.open("rb") as source:
            mode = os.fstat(source.fileno()).st_mode
            found = source.read(SIZE_MAX + 1) if stat.S_ISREG(mode) else b""
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or type(error).__name__
        raise SettingsRefused(f"{path} cannot be read ({said})") from None
    if not stat.S_ISREG(mode) or len(found) > SIZE_MAX:
        raise SettingsRefused(f"{path} is not a file of settings")
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingsRefused(f"{path} can be read by others; run: chmod 600 {path}")
    return found


def read_private_line(path: Path) -> str:
    """One secret of ASCII, without the white space around it. Raises `SettingsRefused`."""
    try:
        return read_private(path).decode("ascii").strip()
    except UnicodeDecodeError:
        raise SettingsRefused(f"{path} holds more than ASCII") from None
