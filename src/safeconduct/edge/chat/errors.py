# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can go wrong in a chat.

ChatError
└── FileTooLarge   a file is larger than the line takes
"""

import traceback


class ChatError(Exception):
    """Every error of a chat."""


class FileTooLarge(ChatError):  # noqa: N818 - a fact about the file
    """`megabytes` are possible."""

    def __init__(self, megabytes: int) -> None:
        super().__init__(f"more than {megabytes} MB")
        self.megabytes = megabytes


def where(error: BaseException) -> str:
    """The kind of an error and the place in our code, never its text, which may hold what a person wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    return type(error).__name__ if last is None else f"{type(error).__name__} in {last.name}, line {last.lineno}"
