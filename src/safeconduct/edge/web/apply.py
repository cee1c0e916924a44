# SPDX-License-Identifier: AGPL-3.0-or-later
"""`/{lang}/apply`: asked, shown once more, sealed and stored, and a receipt. Nothing is stored before the last post."""

import base64
import binascii
import secrets
from collections.abc import Mapping

from starlette.types import Receive, Scope, Send

from safeconduct.dialogue import duress
from safeconduct.dialogue.forms import Misunderstood, read_back, understand
from safeconduct.dialogue.scripts import load
from safeconduct.dialogue.texts import texts
from safeconduct.edge.applications import KIND, Application, receipt_in, receipt_key_of
from safeconduct.edge.errors import Refused, status_of
from safeconduct.edge.web import passes
from safeconduct.edge.web.carriage import beside, hidden, inputs
from safeconduct.edge.web.door import Door, served_tag
from safeconduct.edge.web.pages import Pages
from safeconduct.edge.web.posts import Post, read_form
from safeconduct.sealing import receipts
from safeconduct.sealing.keys import PublicKey
from safeconduct.sealing.receipts import Receipt
from safeconduct.spool.contract import Lane, Outcome
from safeconduct.spool.errors import SpoolFull, SpoolUnavailable

_TICKET_BYTES = 32
_TICKET_LENGTH = 43  # of base64url without padding
_MADE = "made"  # when the page with the ticket was, in seconds
_SECONDS_LONG = 12  # digits
_TICKET_SECONDS = 3 * 24 * 3600  # well within the days in which the spool knows a repeated post


class Apply:
    """The form. Three posts: what was understood (nothing stored), the receipt (stored), its last group typed back."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._admission = door.admission
        self._step = load("apply").steps["application"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        pages = await self._door.pages()
        tag = served_tag(scope, pages)
        if scope["method"] == "POST":
            await self._posted(Post(scope, receive, send, pages, tag, await read_form(scope, receive)))
        elif scope["method"] in {"GET", "HEAD"}:
            await self._form(scope, send, pages, tag)
        else:
            raise Refused("method", allow="GET, HEAD, POST")

    async def _form(self, scope: Scope, send: Send, pages: Pages, tag: str) -> None:
        _intake(pages)
        if not await self._door.accepts():  # told before it is filled in, not after
            raise Refused("full")
        await pages.form(tag).send(scope, send)

    async def _posted(self, post: Post) -> None:
        if "ticket" not in post.form:
            await self._review(post)
        elif "last_group" in post.form:
            await self._typed_back(post, _ticket(post.form))
        elif post.form.get("decision") == "change":
            await self._ask_again(post, 200, {})
        else:
            await self._store(post, _ticket(post.form))

    async def _review(self, post: Post) -> None:
        _intake(post.pages)
        understood = understand(self._step, post.form, language=post.tag)
        if isinstance(understood, Misunderstood):
            await self._misunderstood(post, understood)
            return
        say = texts(post.tag).say
        answers = [
            {"ask": say(read.field.ask), "said": say(read.label) if read.label is not None else read.value}
            for read in read_back(self._step, understood.answers)
        ]
        ticket = base64.urlsafe_b64encode(secrets.token_bytes(_TICKET_BYTES)).rstrip(b"=").decode()
        carried = hidden({**understood.answers, _MADE: str(int(self._door.clock()))})
        page = post.pages.parts("review", post.tag, answers=answers, hidden=carried, ticket=ticket)
        await post.answer(200, page)

    async def _misunderstood(self, post: Post, misunderstood: Misunderstood) -> None:
        say = texts(post.tag).say
        problems = {name: say(problem.msgid, **problem.params) for name, problem in misunderstood.problems.items()}
        await self._ask_again(post, 400, problems)

    async def _ask_again(self, post: Post, status: int, problems: Mapping[str, str]) -> None:
        typed = {field.name: post.form.get(field.name, "") for field in self._step.fields if field.kind == "text"}
        page = post.pages.parts("apply", post.tag, values=post.form, problems=problems, carried=beside(typed))
        await post.answer(status, page)

    async def _store(self, post: Post, ticket: bytes) -> None:
        intake = _intake(post.pages)
        understood = understand(self._step, post.form, language=post.tag)
        if isinstance(understood, Misunderstood):
            await self._misunderstood(post, understood)
            return
        if self._is_old(post.form):  # a tab that came back: whoever holds it now is asked, and sees no code
            await self._review(post)
            return
        application = Application(understood.answers, ticket, intake.raw, int(self._door.clock()))
        try:
            if self._admission.must_wait(post.scope) and not await self._has_waited(post, application):
                return
            shown = await self._stored(application)
        except (SpoolFull, SpoolUnavailable):
            await self._try_again(post)
            return
        await self._show(post, shown)

    def _is_old(self, form: Mapping[str, str]) -> bool:
        """Whether the page was made so long ago that its application may be stored and no longer known as such (T1)."""
        made = form.get(_MADE, "")
        return made.isascii() and made.isdecimal() and self._door.clock() - int(made[:_SECONDS_LONG]) > _TICKET_SECONDS

    async def _stored(self, application: Application) -> Receipt | None:
        """The receipt of what is durable now; None when it was before, more than 30 minutes ago."""
        with self._admission.storing():
            sealed = await self._door.seals(application)
            outcome = await self._door.spool.commit(sealed.commit)
        return sealed.receipt if outcome is Outcome.STORED else await self._kept(application.ticket)

    async def _try_again(self, post: Post) -> None:
        page = post.pages.parts("problem", post.tag, problem="full", retry=hidden(post.form))
        await post.answer(status_of("full"), page)

    async def _has_waited(self, post: Post, application: Application) -> bool:
        """In a flood: whether this one has answered the question and waited. If not, it has been answered."""
        receipt = await self._kept(application.ticket)
        if receipt is not None:  # it is stored: a browser sent it again
            await self._show(post, receipt)
            return False
        if not self._admission.has_room_to_share:
            raise SpoolFull(Lane.FIRST)
        now = int(self._door.clock())
        known = passes.read(self._door.credentials.ticket_key, application.ticket, post.form, now=now)
        if known is None or _digits(post.form.get("sum", "")) != str(known.answer):
            await self._question(post, application, known)
            return False
        left = min(known.good_from - now, passes.WAIT_SECONDS)
        if left <= 0 or await self._admission.stand(post.receive, left):
            return True
        await self._try_again(post)
        return False

    async def _question(self, post: Post, application: Application, before: passes.Pass | None) -> None:
        """Nothing that was typed is lost: the form goes with the question. A wrong answer costs no second wait."""
        key, start = self._door.credentials.ticket_key, before.good_from if before is not None else None
        question = passes.ask(key, application.ticket, now=int(self._door.clock()), good_from=start)
        values = {"first": str(question.first), "second": str(question.second), "sealed": question.sealed}
        made = {_MADE: post.form[_MADE]} if _MADE in post.form else {}
        values["carried"] = inputs({"ticket": post.form["ticket"], **made, **application.answers})
        page = post.pages.question(post.tag, wrong=before is not None).cast(values)
        await post.answer(200, page)

    async def _kept(self, ticket: bytes) -> Receipt | None:
        """The receipt that this ticket got before; None after its 30 minutes."""
        box = await self._door.spool.kept(KIND, receipt_key_of(ticket))
        return receipt_in(box, ticket, now=int(self._door.clock()))

    async def _typed_back(self, post: Post, ticket: bytes) -> None:
        receipt = await self._kept(ticket)
        if receipt is not None and _matches(receipt, post.form["last_group"]):
            await post.pages.fixed("noted", post.tag).send(post.scope, post.send)
            return
        await self._show(post, receipt, wrong=True)

    async def _show(self, post: Post, receipt: Receipt | None, *, wrong: bool = False) -> None:
        if receipt is None:
            await post.pages.receipt_gone(post.tag).send(post.scope, post.send)
            return
        values = {f"g{place}": group for place, group in enumerate(receipt.groups)}
        values["ticket"] = post.form["ticket"]
        if post.tag == "en":
            values["words"] = " ".join(receipts.words(receipt))
        page = post.pages.receipt(post.tag, wrong=wrong).cast(values)
        await post.answer(400 if wrong else 200, page)


def _intake(pages: Pages) -> PublicKey:
    """Intake's key. Without one nothing can be sealed, so nothing is asked. Raises `Refused` ("closed")."""
    if pages.view.intake is None:
        raise Refused("closed")
    return pages.view.intake


def _ticket(form: Mapping[str, str]) -> bytes:
    """The 32 random bytes that make a repeated post the same application. Raises `Refused` ("unreadable")."""
    text = form["ticket"]
    if len(text) != _TICKET_LENGTH:
        raise Refused("unreadable")
    try:
        return base64.b64decode(text + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Refused("unreadable") from None


def _matches(receipt: Receipt, typed: str) -> bool:
    """The last four digits, or all of them."""
    return _digits(typed) in {receipt.groups[-1], receipt.digits}


def _digits(typed: str) -> str:
    """Digits of any script as ours, and nothing else."""
    return "".join(char for char in duress.ascii_digits(typed) if char in "0123456789")
