# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a channel is: a few facts and a few methods. Every registered channel passes tests/edge/channels/test_contract.py.

A channel folder `edge/channels/<code>/` has `channel.py` with `FACTS`, `Settings` (a strict msgspec struct, read from
`channels/<code>.toml` of the credentials) and `make(settings, reach) -> Channel`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

from safeconduct.vocabulary.contact import SafeContactRule

Provider = Literal["reads", "knows", "telephone"]
About = Literal["answer", "reply", "knock"]


class Address(str):
    """A chat's id or a phone number, as the provider writes it. It shows itself in no repr, and so in no log."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Address(…)"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of every chat of this channel."""

    code: str  # as in the registry (vocabulary/channels.py)
    provider: Provider  # what its provider learns; the greeting says it in these words
    text_limit: int  # characters of one message
    has_buttons: bool = False
    deletes_own: int | None = None  # seconds within which our messages can be deleted; None: never
    deletes_theirs: int | None = None  # the same of the person's
    takes_files: bool = False
    answer_window: int | None = None  # seconds after the person's last message in which free text may be sent
    is_call: bool = False  # a telephone call: typed are digits, nothing comes twice, nobody is there after its end

    @property
    def is_end_to_end(self) -> bool:
        """Whether the provider cannot read: only then a code is shown without being asked for."""
        return self.provider == "knows"


@dataclass(frozen=True, slots=True, repr=False)
class FileRef:
    """A file that the provider holds: `handle` is what `Channel.fetch` needs. `size` in bytes, when it is told."""

    handle: str
    media_type: str
    size: int | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Inbound:
    """One message of one person. Exactly one of `text`, `pressed`, `file`, `is_other` says what it is.

    `message_id` is the same whenever the provider repeats the message, and differs between messages of one address.
    """

    address: Address
    message_id: str
    text: str | None = None  # letter by letter; a file's caption stands in `caption`
    pressed: str | None = None  # the value of an option that was sent before
    file: FileRef | None = None
    caption: str | None = None
    is_other: bool = False  # a sticker, a place, a contact …: nothing of it is kept, and the person is told
    delete_id: str | None = None  # what `delete` needs to take this message out of the chat
    language: str | None = None  # BCP 47, as the messenger says; a hint
    wish: SafeContactRule | None = None  # besides: to be reached at this address from now on, in these hours (R4)


@dataclass(frozen=True, slots=True, repr=False)
class Outgoing:
    """One message to one person, short enough for the channel. `index` of `total` parts (from 1), of one `reference`."""

    text: str
    options: tuple[tuple[str, str], ...] = ()  # (value, label), on the last part
    about: About = "answer"
    language: str = "en"
    index: int = 1
    total: int = 1
    reference: int = 0  # 16 bits, the same for all parts of a text


Take = Callable[[Sequence[Inbound]], Awaitable[None]]
"""Returns when all of it is durable, in this order. Raises `NotStored`: then the provider must not be told that it was.

`NoRoom` is the one of them that says that everything else is durable: a channel goes on with what others say.
"""


class Channel(Protocol):
    """One provider's chat. Methods raise what errors.py lists and nothing else."""

    def parts(self, text: str) -> list[str]:
        """The text in pieces that one message each can carry; joined without loss of words, in order."""

    async def receive(self, take: Take) -> None:
        """Hand over what arrives, until cancelled: acknowledged to the provider only after `take` returned.

        A channel that only has a webhook waits forever. Raises `ChannelDown` when the provider cannot be reached; it is
        called again after `retry_after`.
        """

    async def send(self, address: Address, message: Outgoing) -> Sequence[str]:
        """One message. The ids by which `delete` can take it away. Raises `SendLater`, `SendRefused`, `SendUncertain`."""

    async def delete(self, address: Address, ids: Sequence[str]) -> None:
        """Take messages out of the chat, on both sides. Gone already is fine. Raises `SendLater` or `SendRefused`."""

    def fetch(self, file: FileRef) -> AsyncIterator[bytes]:
        """The file in pieces, as it arrives. Raises `SendLater` or `SendRefused`."""

    async def close(self) -> None:
        """Let go of connections."""


@dataclass(frozen=True, slots=True, repr=False)
class WebhookRequest:
    """What a provider posted: header names in small letters."""

    method: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class WebhookAnswer:
    """200: durable, or of no concern to us. 400: malformed. 403: not from the provider. 503: not stored, send it again."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@runtime_checkable
class HasWebhook(Protocol):
    """A channel whose provider posts to us."""

    async def posted(self, request: WebhookRequest, take: Take) -> WebhookAnswer:
        """Check that it is the provider's, read it, take it. Never raises but for our own faults (which become 503)."""
