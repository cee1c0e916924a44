# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What stops the public door, or one request at it. No text carries anything that a person sent."""

from typing import Literal

Trouble = Literal["unreadable", "elsewhere", "nowhere", "method", "size", "full", "closed", "ours"]

_STATUS: dict[Trouble, int] = {
    "unreadable": 400,
    "elsewhere": 403,
    "nowhere": 404,
    "method": 405,
    "size": 413,
    "full": 503,
    "closed": 503,
    "ours": 500,
}


class EdgeError(Exception):
    """The base of all.

    EdgeError
    ├── SettingsRefused       the environment; the process does not start
    ├── CredentialsRefused    a secret that is missing, unreadable or of a demonstration; the process does not start
    └── Refused               one request, answered with a page that says why (`trouble`)
    """


class SettingsRefused(EdgeError): ...


class CredentialsRefused(EdgeError): ...


class Refused(EdgeError):
    """One request is refused. `trouble` chooses the page's words and the answer's status."""

    def __init__(self, trouble: Trouble, *, allow: str = "") -> None:
        super().__init__(trouble)
        self.trouble: Trouble = trouble
        self.allow = allow  # with "method": what would be allowed


def status_of(trouble: Trouble) -> int:
    """The answer's status."""
    return _STATUS[trouble]
