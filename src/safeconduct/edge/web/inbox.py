# SPDX-License-Identifier: AGPL-3.0-or-later
"""`/{lang}/inbox`: a code opens it, a sealed ticket of 15 minutes keeps it open. Read, write, erase."""

import asyncio
import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import msgspec
from babel.dates import format_date
from starlette.types import Receive, Scope, Send

from safeconduct.dialogue import duress
from safeconduct.dialogue.forms import Misunderstood, understand
from safeconduct.dialogue.scripts import load
from safeconduct.dialogue.texts import texts
from safeconduct.edge import reminders
from safeconduct.edge.credentials import duress_secret
from safeconduct.edge.errors import Refused, status_of
from safeconduct.edge.instructions import Believed
from safeconduct.edge.replies import read_reply
from safeconduct.edge.web.answers import send_once
from safeconduct.edge.web.carriage import beside, hidden
from safeconduct.edge.web.door import Door, served_tag
from safeconduct.edge.web.posts import Post, read_form
from safeconduct.sealing import receipts, tickets
from safeconduct.sealing.errors import ReceiptMalformed, ReceiptSlip, TicketRefused
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.receipts import Receipt
from safeconduct.spool.contract import Commit, Found, Lane
from safeconduct.spool.errors import ConversationUnknown, SpoolFull, SpoolUnavailable
from safeconduct.vocabulary.identifiers import IDENTIFIER_BYTES, ConversationId, DedupKey, LookupId
from safeconduct.vocabulary.records import PersonText, ReplyText
from safeconduct.vocabulary.secrets import Sealed

TICKET_SECONDS = 15 * 60

_PURPOSE = b"inbox"
_SEED_BYTES = 32
_NONCE_BYTES = 18
_NONCE_MAX = 64
_STAMP_LENGTH = 32


@dataclass(frozen=True, slots=True)
class _Open:
    """An open inbox: what the ticket holds. Never the digits."""

    lookup: LookupId
    conversation: ConversationId
    key: PrivateKey


class Inbox:
    """Unknown, erased and never issued codes take the same path to the same bytes."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._steps = load("inbox").steps
        self._no_half = secrets.token_bytes(_SEED_BYTES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        pages = await self._door.pages()
        tag = served_tag(scope, pages)
        if scope["method"] == "POST":
            await self._posted(Post(scope, receive, send, pages, tag, await read_form(scope, receive)))
        elif scope["method"] in {"GET", "HEAD"}:
            await send_once(scope, send, 200, pages.inbox_door(tag).cast({"opened": self._stamp()}), pages.headers)
        else:
            raise Refused("method", allow="GET, HEAD, POST")

    async def _posted(self, post: Post) -> None:
        if "ticket" not in post.form:
            if self._is_sent_again(post.form.get("opened")):
                await self._refuse(post, "closed")
                return
            await self._enter(post, post.form.get("receipt", ""))
            return
        inbox = self._redeem(post.form["ticket"])
        if inbox is None:
            await self._refuse(post, "closed")
            return
        found = await self._door.spool.find(inbox.lookup)
        if found is None or found.conversation != inbox.conversation:
            await self._refuse(post, "unknown")
            return
        await self._act(post, inbox, found)

    async def _act(self, post: Post, inbox: _Open, found: Found) -> None:
        act = post.form.get("act", "look")
        if act == "write":
            await self._write(post, inbox, found)
        elif act == "erase" and post.form.get("sure") == "yes":
            await self._erase(post, inbox)
        elif act == "erase":
            page = post.pages.parts("erase", post.tag, ticket=self._issue(inbox))
            await post.answer(200, page)
        elif act == "look":
            await self._show(post, inbox)
        else:
            raise Refused("unreadable")

    async def _enter(self, post: Post, typed: str) -> None:
        try:
            receipt = _read(typed)
        except ReceiptSlip:
            await self._mistyped(post, "slip", typed)
            return
        except ReceiptMalformed:
            await self._mistyped(post, "malformed", typed)
            return
        derived = receipts.derive(receipt, self._door.credentials.receipt_key)
        found = await self._door.spool.find(derived.lookup)
        # The same work whether or not there is anything: a half that opens nothing stands in for the missing one.
        key = receipts.mailbox_key(derived, found.half if found is not None else self._no_half)
        if found is None:
            await self._refuse(post, "unknown")
            return
        inbox, letter = _Open(derived.lookup, found.conversation, key), _letter(post.form)
        if letter:
            text, nonce = letter["text"], letter["nonce"]
            await self._show(post, inbox, text=text, nonce=nonce, carried=beside({"text": text}))
        else:
            await self._show(post, inbox)

    async def _refuse(self, post: Post, problem: str) -> None:
        if _letter(post.form):
            await self._mistyped(post, problem, "")
            return
        page = post.pages.inbox_door(post.tag, problem).cast({"opened": self._stamp()})
        await post.answer(400, page)

    async def _mistyped(self, post: Post, problem: str, typed: str) -> None:
        letter = hidden(_letter(post.form))
        page = post.pages.parts(
            "inbox_door", post.tag, problem=problem, typed=typed, letter=letter, opened=self._stamp()
        )
        await post.answer(400, page)

    async def _show(self, post: Post, inbox: _Open, status: int = 200, **values: object) -> None:
        replies = [self._reply(sealed, inbox) for sealed in await self._door.spool.replies(inbox.conversation)]
        locale = post.tag.replace("-", "_")
        page = post.pages.parts(
            "inbox",
            post.tag,
            replies=[
                {
                    "day": reply.day,
                    "shown": format_date(date.fromisoformat(reply.day), "long", locale),
                    "text": reply.text,
                }
                for reply in replies
                if reply is not None
            ],
            unreadable=None in replies,
            ticket=self._issue(inbox),
            **(_untouched() | values),
        )
        await post.answer(status, page)

    def _reply(self, sealed: Sealed, inbox: _Open) -> ReplyText | None:
        """What is not believed is counted, not shown."""
        read = read_reply(sealed, inbox.conversation, inbox.key, self._door.credentials.believed)
        return None if read is None else read[1]

    async def _write(self, post: Post, inbox: _Open, found: Found) -> None:
        nonce = _nonce(post.form)
        understood = understand(self._steps["write"], post.form, language=post.tag)
        if isinstance(understood, Misunderstood):
            problem = understood.problems["text"]
            await self._write_again(post, inbox, 400, texts(post.tag).say(problem.msgid, **problem.params))
            return
        try:
            await self._store(post, inbox, found, nonce, understood.answers["text"])
        except (SpoolFull, SpoolUnavailable):
            problem_text = texts(post.tag).say(self._steps["write"].outcomes["unavailable"].say or "")
            await self._write_again(post, inbox, status_of("full"), problem_text)
        except ConversationUnknown:
            await self._refuse(post, "unknown")
        else:
            await self._show(post, inbox, stored=True)

    async def _store(self, post: Post, inbox: _Open, found: Found, nonce: str, text: str) -> None:
        intake = post.pages.view.intake
        if intake is None:
            raise SpoolUnavailable("the board names no key to seal to")
        secret = duress_secret(self._door.credentials, inbox.key)
        # A long text costs tens of milliseconds: in a thread, so that it holds up nobody else (T7).
        is_duress = await asyncio.to_thread(duress.spoken, secret, inbox.conversation, text, found.duress)
        box = await self._door.spool.kept(reminders.KIND, inbox.conversation)
        reminder = reminders.recall(box, inbox.conversation, inbox.key, language=post.tag)
        team, believed = await self._door.instructions.recipient(
            inbox.conversation, post.pages.view, intake=intake, before=Believed(*reminder.sealed_to)
        )
        sealed = self._door.sealer(inbox.conversation, team).message(
            PersonText(text, duress=is_duress), language=reminder.language, urgency=reminder.urgency
        )
        reminder = msgspec.structs.replace(reminder, sealed_to=tuple(believed))
        expires = int(self._door.clock()) + reminders.CONVERSATION_SECONDS
        again = reminders.keep(reminder, inbox.conversation, inbox.key, expires=expires)
        # The same words from the same page are one message; other words from it are another, and are not lost.
        words = hashlib.sha256(text.encode()).digest()
        key = self._key(b"message", inbox.conversation + words + nonce.encode())
        await self._door.spool.commit(Commit(key, Lane.KNOWN, inbox.conversation, (sealed,), keeps=(again,)))

    async def _write_again(self, post: Post, inbox: _Open, status: int, problem: str) -> None:
        # What was refused as unavailable may have been stored all the same: the same nonce keeps it from being doubled.
        text, nonce = post.form.get("text", ""), _nonce(post.form)
        carried = beside({"text": text})
        await self._show(post, inbox, status, problem=problem, text=text, nonce=nonce, carried=carried)

    async def _erase(self, post: Post, inbox: _Open) -> None:
        # Any key that the board ever proved will do: the notice holds no words, and R48 must not wait for a date.
        intake = self._door.board.last_intake
        if intake is None:
            raise Refused("full")
        notice = self._door.sealer(inbox.conversation, intake).erasure(language=post.tag)
        key = self._key(b"erasure", inbox.conversation)
        await self._door.spool.erase(inbox.conversation, key=key, notice=notice)
        await post.pages.fixed("erased", post.tag).send(post.scope, post.send)

    def _is_sent_again(self, opened: str | None) -> bool:
        """Whether this post comes from a page of long ago: from a closed window that somebody opened again (T1).

        A browser that restores a window offers to send its post once more, digits and all, to whoever holds it.
        """
        return opened is not None and opened not in {self._stamp(), self._stamp(ago=TICKET_SECONDS)}

    def _stamp(self, *, ago: int = 0) -> str:
        """The same for a quarter of an hour, so that it tells no two visitors apart."""
        quarter = (int(self._door.clock()) - ago) // TICKET_SECONDS
        return hmac.digest(self._door.credentials.ticket_key, b"opened%d" % quarter, "sha256").hex()[:_STAMP_LENGTH]

    def _key(self, act: bytes, subject: bytes) -> DedupKey:
        return DedupKey(hmac.digest(self._door.credentials.dedup_key, act + subject, "sha256"))

    def _issue(self, inbox: _Open) -> str:
        payload = inbox.lookup + inbox.conversation + inbox.key.seed
        expires = int(self._door.clock()) + TICKET_SECONDS
        return tickets.issue(self._door.credentials.ticket_key, payload, purpose=_PURPOSE, expires=expires)

    def _redeem(self, ticket: str) -> _Open | None:
        now = int(self._door.clock())
        try:
            payload = tickets.redeem(self._door.credentials.ticket_key, ticket, purpose=_PURPOSE, now=now)
        except TicketRefused:
            return None
        lookup, rest = payload[:IDENTIFIER_BYTES], payload[IDENTIFIER_BYTES:]
        conversation, seed = rest[:IDENTIFIER_BYTES], rest[IDENTIFIER_BYTES:]
        return _Open(LookupId(lookup), ConversationId(conversation), PrivateKey.from_seed(seed))


def _untouched() -> dict[str, object]:
    """What a page shows on which nothing was written."""
    nonce = base64.urlsafe_b64encode(secrets.token_bytes(_NONCE_BYTES)).decode()
    return {"stored": False, "problem": "", "text": "", "carried": [], "nonce": nonce}


def _letter(form: Mapping[str, str]) -> dict[str, str]:
    """What somebody wrote for longer than the inbox stays open: it goes back and forth in the page, and is kept nowhere."""
    if form.get("act", "write") != "write" or not form.get("text"):
        return {}
    return {"text": form["text"], "nonce": _nonce(form)}


def _nonce(form: Mapping[str, str]) -> str:
    """What makes a post that is sent twice one message. Raises `Refused` ("unreadable")."""
    nonce = form.get("nonce", "")
    if not 1 <= len(nonce) <= _NONCE_MAX:
        raise Refused("unreadable")
    return nonce


def _read(typed: str) -> Receipt:
    """Digits in any script, or seven words. Raises `ReceiptMalformed` or `ReceiptSlip`."""
    if any(char.isalpha() for char in typed):
        return receipts.from_words(typed)
    return Receipt.parse(typed)
