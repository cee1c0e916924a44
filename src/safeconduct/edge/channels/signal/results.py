# SPDX-License-Identifier: AGPL-3.0-or-later
"""What signal-cli's answers mean for a message. Pure."""

from safeconduct.edge.channels.errors import SendError, SendLater, SendRefused, SendUncertain
from safeconduct.edge.channels.signal import payloads

# signal-cli's own codes (SignalJsonRpcCommandHandler) and JSON-RPC's.
_USER, _IO, _UNTRUSTED, _RATE_LIMIT = -1, -3, -4, -5
_INVALID_REQUEST, _NO_METHOD, _INVALID_PARAMS = -32600, -32601, -32602


def sent(response: payloads.Response) -> str:
    """The timestamp by which the message is known. Raises `SendError`."""
    if response.error is not None:
        raise _of_error(response.error)
    try:
        done = payloads.decode(response.result, payloads.Sent)
    except payloads.Malformed:
        raise SendUncertain("an answer that is not the documented one") from None
    failure = _of_results(done)
    if failure is not None:
        raise failure
    return str(done.timestamp)


def _of_error(error: payloads.Problem) -> SendError:
    """The results, where there are any, say more than the code."""
    response = error.data.response if error.data is not None else None
    failure = _of_results(response) if response is not None else None
    if failure is not None:
        return failure
    said = f"code {error.code}"
    if error.code in {_USER, _UNTRUSTED}:
        return SendRefused(said)
    if error.code in {_RATE_LIMIT, _INVALID_REQUEST, _NO_METHOD, _INVALID_PARAMS}:  # the latter are ours to mend
        return SendLater(said)
    return SendUncertain(said)  # an error of the network, or one that signal-cli did not foresee, perhaps after sending


def _of_results(done: payloads.Sent) -> SendError | None:
    """We write to one person: what became of any is what became of it."""
    for result in done.results:
        match result.type:
            case "SUCCESS":
                continue
            case "RATE_LIMIT_FAILURE":
                seconds = result.retry_after_seconds
                return SendLater("rate limit", retry_after=None if seconds is None else float(seconds))
            case "INVALID_PRE_KEY_FAILURE":
                return SendLater("no key to seal to")
            case "UNREGISTERED_FAILURE":
                return SendRefused("not registered")
            case "IDENTITY_FAILURE":  # another phone, or another person with that number: an operator has to look
                return SendRefused("another identity than before")
            case _:
                return SendUncertain("network")
    return None
