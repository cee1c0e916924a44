# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nothing of what the SIP library says is let through: its lines and their extra fields hold numbers and addresses."""

import ctypes
import logging
import os
from functools import cache

# Every one of them writes numbers and addresses, in texts or beside them.
_TELLING = ("", ".audio", ".call", ".events", ".native", ".native.sip", ".runtime", ".ua", ".video")


def mute() -> None:
    """The same again changes nothing."""
    for name in _TELLING:
        logger = logging.getLogger(f"baresip{name}")
        logger.addFilter(_nothing)
        logger.propagate = False
    _mute_c()


def _nothing(_record: logging.LogRecord) -> bool:
    return False


@cache
def _mute_c() -> None:
    """What C code prints goes nowhere: the library says there what it could not read. Python prints through the descriptor."""
    libc = ctypes.CDLL(None)
    libc.fopen.restype = ctypes.c_void_p
    nowhere = libc.fopen(os.devnull.encode(), b"w")
    if nowhere:
        ctypes.c_void_p.in_dll(libc, "stderr").value = nowhere
