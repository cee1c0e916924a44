# SPDX-License-Identifier: AGPL-3.0-or-later
"""WhatsApp's Cloud API. README.md tells how to set it up, and what Meta learns about a person."""

import asyncio
import hmac
from collections import Counter
from collections.abc import AsyncIterator, Sequence

import msgspec

from safeconduct.dialogue.speaking import split
from safeconduct.edge.channels.contract import Address, Facts, FileRef, Outgoing, Take, WebhookAnswer, WebhookRequest
from safeconduct.edge.channels.errors import SendLater, SendRefused, SendUncertain
from safeconduct.edge.channels.reach import Reach
from safeconduct.edge.channels.whatsapp import payloads, requests
from safeconduct.edge.channels.whatsapp.settings import Settings

__all__ = ["FACTS", "Settings", "WhatsAppChannel", "make"]

FACTS = Facts(
    code="whatsapp",
    provider="reads",
    text_limit=requests.TEXT_MAX,
    has_buttons=True,
    takes_files=True,
    answer_window=24 * 3600,
)
_OK, _MALFORMED, _NOT_THEIRS, _NOT_STORED = 200, 400, 403, 503
_CHALLENGE_MAX = 256


def make(settings: Settings, reach: Reach) -> "WhatsAppChannel":
    """Raises `SettingsRefused`."""
    channel = WhatsAppChannel(settings, reach)
    if not settings.is_of_meta():  # a Graph API of one's own: the double, or a proxy
        reach.trusting(settings.base_url())
    return channel


class WhatsAppChannel:
    """One business number. `unknown` and `statuses` only count."""

    def __init__(self, settings: Settings, reach: Reach) -> None:
        self._settings = settings
        self._reach = reach
        self._url = settings.base_url()
        self._headers = {"authorization": f"Bearer {settings.secret('access_token')}"}
        self._app_secret = settings.secret("app_secret").encode()
        self._verify_token = settings.secret("verify_token").encode()
        self.unknown = 0
        self.statuses: Counter[str] = Counter()

    def parts(self, text: str) -> list[str]:
        return split(text, FACTS.text_limit)

    async def receive(self, take: Take) -> None:  # noqa: ARG002 - Meta posts
        await asyncio.Event().wait()

    async def posted(self, request: WebhookRequest, take: Take) -> WebhookAnswer:
        if request.method == "GET":
            return self._verified(request)
        if not self._is_signed(request):
            return WebhookAnswer(_NOT_THEIRS)
        try:
            posted = payloads.read(request.body, self._settings.phone_number_id)
        except payloads.Malformed:
            return WebhookAnswer(_MALFORMED)
        self.unknown += posted.unknown
        self.statuses.update(posted.statuses)
        try:
            if posted.messages:
                await take(posted.messages)
        except Exception:  # noqa: BLE001 - whatever our fault is, Meta must not hear that we have it
            return WebhookAnswer(_NOT_STORED)
        return WebhookAnswer(_MALFORMED if posted.malformed else _OK)

    async def send(self, address: Address, message: Outgoing) -> Sequence[str]:
        whom = payloads.recipient(address)
        if whom is None:
            raise SendRefused("neither a number nor a user id")
        body = {"messaging_product": "whatsapp", "recipient_type": "individual", **whom, **self._content(message)}
        answer = await self._reach.call(
            "POST",
            f"{self._url}/{self._settings.phone_number_id}/messages",
            content=msgspec.json.encode(body),
            headers={**self._headers, "content-type": "application/json"},
        )
        requests.judge(answer)
        return ()

    async def delete(self, address: Address, ids: Sequence[str]) -> None:  # noqa: ARG002
        raise SendRefused("the Cloud API deletes nothing")

    async def fetch(self, file: FileRef) -> AsyncIterator[bytes]:
        if not (file.handle.isascii() and file.handle.isalnum()):
            raise SendRefused("not a file's id")
        url = await self._url_of(file.handle)
        if not self._settings.may_have_token(url):
            raise SendRefused("not Meta's address")
        async for piece in self._reach.stream(url, headers=self._headers):
            yield piece

    async def close(self) -> None:
        """Nothing of its own is open."""

    async def _url_of(self, media_id: str) -> str:
        """Where the file lies for the next five minutes. Raises `SendLater` or `SendRefused`."""
        answer = await self._reach.call("GET", f"{self._url}/{media_id}", headers=self._headers, may_repeat=True)
        if answer.status == _OK:
            try:
                return payloads.decode(answer.body, payloads.MediaAt).url
            except payloads.Malformed:
                raise SendRefused("an answer that is not the documented one") from None
        error = requests.refusal(answer)
        raise SendLater(str(error)) if isinstance(error, SendUncertain) else error

    def _content(self, message: Outgoing) -> dict[str, object]:
        """A knock comes when the 24 hours are over: only a template that Meta approved may be sent then."""
        if message.about != "knock":
            return requests.content(message)
        template = self._settings.template_for(message.language)
        if template is None:
            raise SendRefused("no template for this language")
        return {"type": "template", "template": template}

    def _verified(self, request: WebhookRequest) -> WebhookAnswer:
        token = request.query.get("hub.verify_token", "").encode(errors="replace")
        challenge = request.query.get("hub.challenge", "").encode(errors="replace")
        is_theirs = hmac.compare_digest(token, self._verify_token)
        if request.query.get("hub.mode") != "subscribe" or not is_theirs or len(challenge) > _CHALLENGE_MAX:
            return WebhookAnswer(_NOT_THEIRS)
        return WebhookAnswer(_OK, challenge, {"content-type": "text/plain"})

    def _is_signed(self, request: WebhookRequest) -> bool:
        given = request.headers.get("x-hub-signature-256", "").encode(errors="replace")
        made = "sha256=" + hmac.new(self._app_secret, request.body, "sha256").hexdigest()
        return hmac.compare_digest(given, made.encode())
