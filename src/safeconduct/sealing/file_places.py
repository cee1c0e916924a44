# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a conversation's files lie: in a folder that both doors can name, and nobody who does not know the conversation.

So an erasure takes the folder away without opening a message, and the desk can tell later, from the digest that it
keeps of an erased conversation, that a folder is one of those.
"""

import hashlib

from safeconduct.sealing.derivation import PROTOCOL
from safeconduct.vocabulary.identifiers import ConversationId

PURPOSE = b"file"  # of the closed stream in each file
_NAME_BYTES = 16


def folder_of(conversation: ConversationId) -> str:
    """The folder's name, in hex."""
    return folder_of_erased(hashlib.sha256(PROTOCOL + b"erased" + conversation).digest())


def folder_of_erased(digest: bytes) -> str:
    """The same, from what is kept of an erased conversation."""
    return hashlib.sha256(PROTOCOL + b"files" + digest).digest()[:_NAME_BYTES].hex()
