# SPDX-License-Identifier: AGPL-3.0-or-later
"""Short fingerprints that two colleagues compare out loud before one lets the other in."""

import hashlib

_GROUPS = 4
_DIGITS = 5


def spoken(public: bytes) -> str:
    """Four groups of five digits (66 bits) of SHA-256. Digits, because they are read aloud alike in every language."""
    number = int.from_bytes(hashlib.sha256(b"safeconduct/1/fingerprint" + public).digest(), "big")
    digits = f"{number % 10 ** (_GROUPS * _DIGITS):0{_GROUPS * _DIGITS}}"
    return " ".join(digits[start : start + _DIGITS] for start in range(0, len(digits), _DIGITS))
