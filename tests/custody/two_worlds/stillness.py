# SPDX-License-Identifier: AGPL-3.0-or-later
"""A process whose clock stands, whose chance is counted, and whose seals are plain: run twice, it writes the same bytes.

Imported before anything else, because much binds `urandom` and `time` when it is imported.
"""

import ctypes
import datetime as dt
import gc
import hashlib
import os
import random
import time
from collections.abc import Callable
from typing import Any

from cryptography.exceptions import InvalidTag

MOMENT = dt.datetime(2026, 10, 5, 9, 30, tzinfo=dt.UTC)
_TAG = 16


class Chance:
    """As many bytes as are asked for, of a seed and nothing else."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._asked = 0

    def __call__(self, length: int) -> bytes:
        self._asked += 1
        return hashlib.shake_256(self._seed + self._asked.to_bytes(8, "big")).digest(length)


class PlainSuite:
    """In HPKE's place: as long as its output, and openable, but what is sealed can be read and compared.

    The suite draws its randomness where nothing of ours can reach it, so that two real seals of the same never match.
    """

    def __init__(self, overhead: int) -> None:
        self._head = bytes(overhead - _TAG)

    def encrypt(self, plain: bytes, _public: object, info: bytes) -> bytes:
        return self._head + bytes(plain) + _tag(plain, info)

    def decrypt(self, sealed: bytes, _private: object, info: bytes) -> bytes:
        plain, tag = bytes(sealed[len(self._head) : -_TAG]), bytes(sealed[-_TAG:])
        if tag != _tag(plain, info):
            raise InvalidTag
        return plain


def _tag(plain: bytes, info: bytes) -> bytes:
    return hashlib.sha256(info + b"\0" + bytes(plain)).digest()[:_TAG]


def be_still(seed: str) -> None:
    """Of this process, for good."""
    drawn = Chance(seed.encode())
    os.urandom = drawn
    random._urandom = drawn  # type: ignore[attr-defined]
    random.seed(seed)
    time.time = MOMENT.timestamp
    _set(dt.datetime, "now", lambda _cls, tz=None: MOMENT.astimezone(tz) if tz else MOMENT.replace(tzinfo=None))
    _set(dt.datetime, "today", lambda _cls: MOMENT.replace(tzinfo=None))
    _set(dt.date, "today", lambda _cls: MOMENT.date())
    from safeconduct.sealing import keys  # noqa: PLC0415 - only now: it binds what was changed above

    keys._SUITE = PlainSuite(keys.SEAL_OVERHEAD)  # type: ignore[assignment]


def _set(kind: type, name: str, act: Callable[..., Any]) -> None:
    """Into a type of C: a class in its place would be none that msgspec knows."""
    gc.get_referents(kind.__dict__)[0][name] = classmethod(act)
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))
