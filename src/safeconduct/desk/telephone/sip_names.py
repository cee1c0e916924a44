# SPDX-License-Identifier: AGPL-3.0-or-later
"""The name of an operator's phone: what stands before the @ of its SIP address."""

import hashlib
import re

_PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
_USER = re.compile(r"sips?:([^@;>?\s]{1,100})@")
_DIGITS = 20


def phone(operator: str) -> str:
    """A plain name stays as it is. Another becomes a digest: SIP addresses take few letters, and escapes grow too long.

    No two operators share one: no operator's name holds a `~`.
    """
    if _PLAIN.fullmatch(operator):
        return operator
    return "p~" + hashlib.sha256(operator.encode()).hexdigest()[:_DIGITS]


def uri(operator: str, address: str) -> str:
    """What is entered as the operator's telephone, so that it rings in their browser."""
    return f"sip:{phone(operator)}@{address}"


def called(header: str) -> str:
    """Which phone a To header means; nothing when it names none."""
    found = _USER.search(header)
    return found[1].lower() if found else ""
