# SPDX-License-Identifier: AGPL-3.0-or-later
"""One call of the Bot API, and what its failures mean. The token stands in every URL: no URL is ever told."""

import urllib.parse
from collections.abc import AsyncGenerator, Mapping
from typing import Any, Final, TypeVar

import msgspec

from safeconduct.edge.channels.errors import SendError, SendLater, SendRefused, SendUncertain
from safeconduct.edge.channels.reach import TIMEOUT_SECONDS, Reach
from safeconduct.edge.channels.telegram.payloads import Reply

UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)  # all that a hostile JSON can raise
_MEND_SECONDS: Final = 60.0  # a person has to mend it: asking faster only makes Telegram angry
_OK, _BAD_REQUEST, _CONFLICT, _TOO_MANY, _SERVER = 200, 400, 409, 429, 500
_NOT_OURS: Final = frozenset({401, 404})  # "Unauthorized", or no such bot: the token is wrong or was revoked
_JSON: Final = {"content-type": "application/json"}

T = TypeVar("T")


class BadRequest(SendRefused):
    """What was asked is not possible: no such chat, too old to delete, too long."""


class BotApi:
    """One bot. Raises `SendLater`, `SendRefused` and, unless a call may be repeated, `SendUncertain`."""

    def __init__(self, reach: Reach, base: str, token: str) -> None:
        self._reach = reach
        self._calls = f"{base}/bot{token}"
        self._files = f"{base}/file/bot{token}"

    async def call(
        self,
        method: str,
        params: Mapping[str, Any],
        result: type[T],
        *,
        may_repeat: bool,
        timeout: float = TIMEOUT_SECONDS,  # noqa: ASYNC109 - Reach's own
    ) -> T:
        answer = await self._reach.call(
            "POST",
            f"{self._calls}/{method}",
            content=msgspec.json.encode(params),
            headers=_JSON,
            timeout=timeout,
            may_repeat=may_repeat,
        )
        try:
            reply = msgspec.json.decode(answer.body, type=Reply)
            if reply.ok and answer.status == _OK:
                return msgspec.json.decode(reply.result, type=result)
        except UNREADABLE:
            reply = None
        raise _failure(answer.status, reply, may_repeat=may_repeat)

    async def download(self, path: str) -> AsyncGenerator[bytes, None]:
        """A file that `getFile` told. Raises `SendLater` or `SendRefused`."""
        if not path or path.startswith("/") or ".." in path.split("/"):
            raise SendRefused("the file has no place of its own")
        async for piece in self._reach.stream(f"{self._files}/{urllib.parse.quote(path)}"):
            yield piece


def _failure(status: int, reply: Reply | None, *, may_repeat: bool) -> SendError:
    """Only Telegram's own words make anything permanent; what no one documents is uncertain unless asking twice is harmless."""
    if reply is None or reply.ok:
        is_surely_unsent = _OK != status < _SERVER  # a proxy's page instead of the Bot API
        reason = f"status {status}, and not the Bot API's answer"
        return SendLater(reason) if may_repeat or is_surely_unsent else SendUncertain(reason)
    code = reply.error_code or status
    if code == _TOO_MANY:
        return SendLater("too many requests", retry_after=reply.parameters.retry_after)
    if code in _NOT_OURS:
        return SendLater("the token is not accepted; see the README", retry_after=_MEND_SECONDS)
    if code == _CONFLICT:
        return SendLater("something else receives for this bot; see the README", retry_after=_MEND_SECONDS)
    if code >= _SERVER:
        return SendLater(f"error {code}") if may_repeat else SendUncertain(f"error {code}")
    return BadRequest("bad request") if code == _BAD_REQUEST else SendRefused(f"error {code}")
