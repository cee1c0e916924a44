# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the Cloud API is asked, and what its refusals mean. Pure."""

from collections.abc import Mapping

import msgspec

from safeconduct.edge.channels.contract import Outgoing
from safeconduct.edge.channels.errors import SendError, SendLater, SendRefused, SendUncertain
from safeconduct.edge.channels.reach import Answer
from safeconduct.edge.channels.whatsapp import payloads

TEXT_MAX = 4096  # of a text, and of a list's text
_BUTTONS_MAX, _BUTTON_MAX, _BUTTON_TEXT_MAX = 3, 20, 1024
_ROWS_MAX, _ROW_MAX, _DESCRIPTION_MAX = 10, 24, 72

# "Error codes" of Meta's documentation. Nothing was sent; it will be possible again.
_TOO_MANY = frozenset({4, 613, 80007, 130429, 131048, 131056})
_TROUBLE = frozenset({1, 2, 131000, 131016, 131057, 133004})
# Ours to mend (token, permission, payment, a locked account): the person's message must not be lost over it.
_OURS = frozenset({0, 3, 10, 33, 190, 368, 131005, 131031, 131042, 131045, 133010, *range(200, 300)})
_PAIR_LIMIT, _PAIR_SECONDS = 131056, 6.0  # one message to one person every six seconds
_OK, _UNAUTHORISED, _TOO_MANY_REQUESTS, _SERVER_ERROR = 200, 401, 429, 500
_Answers = tuple[tuple[str, str], ...]


def content(message: Outgoing) -> dict[str, object]:
    """A message as the Messages API takes it."""
    options, text = message.options, message.text
    if not options:
        return _text(text)
    if not _are_distinct(options):
        return _text(_numbered(text, options))
    if len(options) <= _BUTTONS_MAX and _longest(options) <= _BUTTON_MAX and len(text) <= _BUTTON_TEXT_MAX:
        return _buttons(text, options)
    if len(options) <= _ROWS_MAX and _longest(options) <= _DESCRIPTION_MAX and len(text) <= TEXT_MAX:
        return _list(text, options)
    return _text(_numbered(text, options))


def judge(answer: Answer) -> None:
    """Whether Meta has taken it. Raises `SendLater`, `SendRefused`, `SendUncertain`."""
    if answer.status == _OK:
        try:
            if payloads.decode(answer.body, payloads.Accepted).messages:
                return
        except payloads.Malformed:
            pass
        raise SendUncertain("an answer that is not the documented one")
    raise refusal(answer)


def refusal(answer: Answer) -> SendError:
    """What an error of the Graph API means for the message."""
    code = payloads.error_code(answer.body)
    said = f"status {answer.status}" if code is None else f"status {answer.status}, code {code}"
    if code in _TOO_MANY or answer.status == _TOO_MANY_REQUESTS:
        return SendLater(said, retry_after=_wait(answer.headers, code))
    if code in _TROUBLE or code in _OURS or answer.status == _UNAUTHORISED:
        return SendLater(said)
    if answer.status >= _SERVER_ERROR:  # with an error of Meta's own it was not taken; without one a gateway spoke
        return SendUncertain(said) if code is None else SendLater(said)
    return SendRefused(said)


def _wait(headers: Mapping[str, str], code: int | None) -> float | None:
    named = headers.get("retry-after", "")
    if named.isascii() and named.isdigit():
        return float(named[:9])
    minutes = _minutes(headers.get("x-business-use-case-usage", ""))
    if minutes:
        return minutes * 60.0
    return _PAIR_SECONDS if code == _PAIR_LIMIT else None


class _Usage(msgspec.Struct, frozen=True):
    estimated_time_to_regain_access: int = 0


def _minutes(header: str) -> int:
    """Graph API, "Rate limits": minutes until calls are let through again, by business and kind of call."""
    try:
        usage = msgspec.json.decode(header.encode(), type=dict[str, tuple[_Usage, ...]])
    except (msgspec.DecodeError, UnicodeError):
        return 0
    return max((one.estimated_time_to_regain_access for kinds in usage.values() for one in kinds), default=0)


def _are_distinct(options: _Answers) -> bool:
    """Meta refuses a message with an empty title, or with the same twice."""
    labels = {label for _, label in options}
    return len(labels) == len(options) and all(label.strip() for label in labels)


def _longest(options: _Answers) -> int:
    return max(len(label) for _, label in options)


def _numbered(text: str, options: _Answers) -> str:
    lines = "\n".join(f"{number}. {label}" for number, (_, label) in enumerate(options, 1))
    return f"{text}\n\n{lines}"


def _text(text: str) -> dict[str, object]:
    return {"type": "text", "text": {"preview_url": False, "body": text}}


def _buttons(text: str, options: _Answers) -> dict[str, object]:
    buttons = [{"type": "reply", "reply": {"id": value, "title": label}} for value, label in options]
    return _interactive("button", text, {"buttons": buttons})


def _list(text: str, options: _Answers) -> dict[str, object]:
    """The label of what opens it is a sign, not a word: a channel says nothing of its own in any language."""
    if _longest(options) <= _ROW_MAX:
        rows = [{"id": value, "title": label} for value, label in options]
    else:
        rows = [
            {"id": value, "title": str(number), "description": label}
            for number, (value, label) in enumerate(options, 1)
        ]
    return _interactive("list", text, {"button": f"1–{len(options)}", "sections": [{"rows": rows}]})


def _interactive(kind: str, text: str, action: dict[str, object]) -> dict[str, object]:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": text}, "action": action}}
