# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can go wrong in a chat.

ChatError
└── FileTooLarge   a file is larger than the line takes
"""


class ChatError(Exception):
    """Every error of a chat."""


class FileTooLarge(ChatError):  # noqa: N818 - a fact about the file
    """`megabytes` are possible."""

    def __init__(self, megabytes: int) -> None:
        super().__init__(f"more than {megabytes} MB")
        self.megabytes = megabytes
