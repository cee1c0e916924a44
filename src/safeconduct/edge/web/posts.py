# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading what a form sent, once and strictly. Whatever arrives, the outcome is names and texts, or a `Refused`."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.types import Receive, Scope, Send

from safeconduct.edge.errors import Refused
from safeconduct.edge.web.answers import send_once
from safeconduct.edge.web.bodies import Part
from safeconduct.edge.web.carriage import carried
from safeconduct.edge.web.pages import Pages

BODY_MAX = 256 * 1024
FIELDS_MAX = 64
_DRAIN_MAX = 8 * BODY_MAX  # so much is read and dropped, so that the browser shows our page and not a broken line
_PATIENCE = 60.0  # seconds for a whole body: slow networks are the rule, open hands are not

_REGULAR_HEAD = re.compile(rb'\r\nContent-Disposition: form-data; name="([A-Za-z0-9_.]+)"\r\n\r\n')

MULTIPART = b"multipart/form-data"
URLENCODED = b"application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Post:
    """One post to a page, in its place."""

    scope: Scope
    receive: Receive
    send: Send
    pages: Pages
    tag: str
    form: Mapping[str, str]

    async def answer(self, status: int, page: Sequence[Part]) -> None:
        """With a page for this person alone."""
        await send_once(self.scope, self.send, status, page, self.pages.headers)


class Gone(Exception):  # noqa: N818 - nobody is there to be told of an error
    """The person's connection closed before the post was whole. Nothing is stored, nobody is answered."""


async def read_form(scope: Scope, receive: Receive) -> dict[str, str]:
    """Names and texts of one post. Raises `Refused` ("elsewhere", "size", "unreadable") or `Gone`."""
    headers = dict(scope["headers"])
    # There is no ambient authority here that another site could borrow; this stops it all the same.
    if headers.get(b"sec-fetch-site") == b"cross-site":
        raise Refused("elsewhere")
    kind, options = parse_options_header(headers.get(b"content-type"))
    body = await _read_body(receive)
    if kind == MULTIPART:
        return carried(_texts(_parse_multipart(body, options.get(b"boundary", b""))))
    if kind == URLENCODED:
        return carried(_parse_urlencoded(body))
    raise Refused("unreadable")


async def _read_body(receive: Receive) -> bytes:
    try:
        async with asyncio.timeout(_PATIENCE):  # from the first piece on: a body that never begins is not waited for
            return await _read_pieces(receive)
    except TimeoutError:
        raise Refused("unreadable") from None


async def _read_pieces(receive: Receive) -> bytes:
    body, size, more = bytearray(), 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        piece, more = message.get("body", b""), message.get("more_body", False)
        size += len(piece)
        if size > _DRAIN_MAX:
            raise Refused("size")
        if size <= BODY_MAX:
            body += piece
    if size > BODY_MAX:
        raise Refused("size")
    return bytes(body)


class _Parts:
    """Collects the parts of a multipart body. A part that is a file is refused: nothing here asks for one (R8)."""

    def __init__(self) -> None:
        self.fields: list[tuple[bytes, bytes]] = []
        self.is_whole = False
        self._name = b""
        self._header = b""
        self._value = b""
        self._data = bytearray()

    def on_part_begin(self) -> None:
        self._name, self._data = b"", bytearray()

    def on_header_begin(self) -> None:
        self._header, self._value = b"", b""

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def on_header_end(self) -> None:
        if self._header.lower() != b"content-disposition":
            return
        kind, options = parse_options_header(self._value)
        if kind != b"form-data" or b"filename" in options or b"name" not in options:
            raise Refused("unreadable")
        self._name = options[b"name"]

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        self._data += data[start:end]

    def on_part_end(self) -> None:
        if not self._name or len(self.fields) >= FIELDS_MAX:
            raise Refused("unreadable")
        self.fields.append((self._name, bytes(self._data)))

    def on_end(self) -> None:
        self.is_whole = True


def _parse_multipart(body: bytes, boundary: bytes) -> list[tuple[bytes, bytes]]:
    """Bodies as every browser writes them are cut in one go; all others take the long way, a byte at a time."""
    regular = _cut(body, boundary)
    return regular if regular is not None else _parse_slowly(body, boundary)


def _cut(body: bytes, boundary: bytes) -> list[tuple[bytes, bytes]] | None:
    before, *parts = (b"\r\n" + body).split(b"\r\n--" + boundary)
    if before or not boundary or not 1 < len(parts) <= FIELDS_MAX or parts.pop() != b"--\r\n":
        return None
    heads = [_REGULAR_HEAD.match(part) for part in parts]
    return (
        [(head[1], part[head.end() :]) for head, part in zip(heads, parts, strict=True) if head] if all(heads) else None
    )


def _parse_slowly(body: bytes, boundary: bytes) -> list[tuple[bytes, bytes]]:
    parts = _Parts()
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": parts.on_part_begin,
                "on_part_data": parts.on_part_data,
                "on_part_end": parts.on_part_end,
                "on_header_begin": parts.on_header_begin,
                "on_header_field": parts.on_header_field,
                "on_header_value": parts.on_header_value,
                "on_header_end": parts.on_header_end,
                "on_end": parts.on_end,
            },
        )
        parser.write(body)
        parser.finalize()
    except FormParserError:
        raise Refused("unreadable") from None
    if not parts.is_whole:  # interrupted: half an answer is no answer
        raise Refused("unreadable")
    return parts.fields


def _parse_urlencoded(body: bytes) -> dict[str, str]:
    try:
        text = body.decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=FIELDS_MAX) if text else []
    except (UnicodeDecodeError, ValueError):
        raise Refused("unreadable") from None
    return _unique(pairs)


def _texts(fields: list[tuple[bytes, bytes]]) -> dict[str, str]:
    try:
        return _unique([(name.decode(), value.decode()) for name, value in fields])
    except UnicodeDecodeError:
        raise Refused("unreadable") from None


def _unique(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """A name that stands twice has two meanings; guessing one would be a way to smuggle the other."""
    fields = {name: value.replace("\r\n", "\n") for name, value in pairs}  # HTML made each line end CR LF on the way
    if len(fields) != len(pairs):
        raise Refused("unreadable")
    return fields
