# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's log: what kind of thing happened and where in the code. No value, no name, no address."""

import logging
import traceback
from pathlib import Path


class PlaceFormatter(logging.Formatter):
    """Writes level, logger, the sentence before its values are put in, and for an error its type and place."""

    def format(self, record: logging.LogRecord) -> str:
        words = str(record.msg) if record.name.startswith("safeconduct") else f"{record.module}.{record.funcName}"
        line = f"{record.levelname.lower()} {record.name} {words}"
        error = record.exc_info[1] if record.exc_info else None
        return line if error is None else f"{line} {_where(error)}"


def _where(error: BaseException) -> str:
    """The type and the innermost place. The message stays out: it may repeat what was posted."""
    frames = traceback.extract_tb(error.__traceback__)
    # A file without its folders: `send` alone is a function of many.
    place = f"{frames[-1].name}:{frames[-1].lineno} of {Path(frames[-1].filename).name}" if frames else "nowhere"
    return f"{type(error).__name__} in {place}"
