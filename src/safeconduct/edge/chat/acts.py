# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the scripts ask of the door in a chat. Each act says by the name of an outcome what came of it."""

import secrets as random
from collections.abc import Awaitable, Callable, Mapping
from datetime import date

from babel.dates import format_date

from safeconduct.dialogue import duress
from safeconduct.dialogue.answers import Answers
from safeconduct.dialogue.record import facts_from
from safeconduct.dialogue.scripts import sentences
from safeconduct.dialogue.turns import Told
from safeconduct.edge.chat.access import CODE, OPENED, keep_secret
from safeconduct.edge.chat.codes import read_code
from safeconduct.edge.chat.draft import Draft
from safeconduct.edge.chat.errands import REPLY
from safeconduct.edge.chat.line import Line
from safeconduct.edge.chat.opening import move_here
from safeconduct.edge.replies import read_reply
from safeconduct.sealing import receipts
from safeconduct.sealing.envelope import parse
from safeconduct.sealing.errors import EnvelopeRefused, ReceiptMalformed, ReceiptSlip
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.receipts import Receipt
from safeconduct.spool.contract import Outcome
from safeconduct.spool.errors import SpoolError
from safeconduct.vocabulary.applications import Kind, urgency_of
from safeconduct.vocabulary.contact import WEB
from safeconduct.vocabulary.records import ChatContact

_YOUR_CODE = "Your code: {code}. Whoever has it can read our answers and erase everything."
_NO_HALF = random.token_bytes(32)  # stands in for a missing one, so that every code costs the same work


async def act(line: Line, draft: Draft, name: str) -> Told:
    """Raises nothing but what makes the whole message not stored."""
    if name == "write":  # what was heard is in the draft already
        return Told("stored")
    return await _ACTS[name](line, draft)


async def finish(line: Line, draft: Draft, answers: Answers) -> Told:
    """The application: its facts in an envelope of their own, and from now on its safe-contact rule (R4)."""
    facts = facts_from(answers, channel=line.facts.code, mailbox=await line.mailbox_of(draft.state))
    rule = facts.safe_contact
    contact = "never" if rule is None else "inbox" if rule.channel == WEB else "declared"
    draft.change(urgency=urgency_of(facts.stage), contact=contact, rule=rule)
    draft.seal(facts, Kind.APPLICATION)
    receipt = await _own_code(line, draft) if line.facts.is_end_to_end else None
    if receipt is None:
        return Told("stored_in_chat")
    # Nobody but the two ends sees it; elsewhere only on request.
    draft.preface.append((await line.words(draft.state)).say(_YOUR_CODE, code=_grouped(receipt)))
    return Told("stored")


async def _show_code(line: Line, draft: Draft) -> Told:
    receipt = await _own_code(line, draft)
    if receipt is None:
        return Told("none")
    if not line.facts.is_end_to_end:
        draft.preface.append((await line.words(draft.state)).say(sentences()["code_is_seen"]))
    return Told("shown", {"code": _grouped(receipt)})


async def _own_code(line: Line, draft: Draft) -> Receipt | None:
    digits = await line.secret_of(CODE, draft.state.conversation_id)
    return None if digits is None else Receipt(digits.decode())


def _grouped(receipt: Receipt) -> str:
    return " ".join(receipt.groups)


async def _open(line: Line, draft: Draft) -> Told:
    """Unknown, erased and never issued codes take the same path to the same words."""
    try:
        receipt = read_code(draft.typed.pop("receipt", ""))
    except ReceiptSlip:
        return Told("slip")
    except ReceiptMalformed:
        return Told("malformed")
    derived = receipts.derive(receipt, line.secrets.door.receipt_key)
    found = await line.spool.find(derived.lookup)
    mailbox = receipts.mailbox_key(derived, found.half if found is not None else _NO_HALF)
    if found is None:
        return Told("unknown")
    if found.conversation != draft.state.conversation:
        if draft.opens is None:
            draft.left.append(draft.state)
        else:
            draft.begin_nothing()
        draft.state = await move_here(line, draft.state, found, mailbox)
        team, believed = await line.recipient(draft.state, await line.intake())
        draft.change(sealed_to=tuple(believed))
        draft.sealer = line.sealer(found.conversation, team)
        draft.seal(ChatContact(line.facts.code, draft.state.language, mailbox.public.raw), Kind.REPORT)
    draft.keeps.append(keep_secret(line.secrets, OPENED, found.conversation, mailbox.seed, draft.now))
    await _show_replies(line, draft, mailbox)
    return Told("opened")


async def _look(line: Line, draft: Draft) -> Told:
    seed = await line.secret_of(OPENED, draft.state.conversation_id)
    if seed is None:  # nobody knows whether there is an answer: only the code opens it again
        return Told("closed")
    shown = await _show_replies(line, draft, PrivateKey.from_seed(seed))
    return Told("shown" if shown else "empty")


async def _show_replies(line: Line, draft: Draft, mailbox: PrivateKey) -> int:
    """Say them again, those also that still wait to be sent: these need not come a second time by themselves."""
    conversation, shown = draft.state.conversation_id, set[bytes]()
    words = await line.words(draft.state)
    for sealed in await line.spool.replies(conversation):
        read = read_reply(sealed, conversation, mailbox, line.secrets.door.believed)
        if read is not None:
            day = format_date(date.fromisoformat(read[1].day), "long", words.tag.replace("-", "_"))
            draft.preface += [words.say(sentences()["reply_from"], day=day), read[1].text]
            shown.add(read[0].header.envelope)
    if await line.voice(draft.state.position.language) is not None:  # else nothing of it is sent
        waiting = await line.spool.errands_of(conversation, REPLY)
        draft.finishes += [due.number for due in waiting if _id(due.body) in shown]
    return len(shown)


def _id(sealed: bytes) -> bytes | None:
    try:
        return parse(sealed).header.envelope
    except EnvelopeRefused:
        return None


async def _erase(line: Line, draft: Draft) -> Told:
    """R48. Durable before anything is said; what can be deleted in the chat follows (see `erasing`)."""
    if draft.opens is not None:
        return Told("nothing")
    intake = line.board.last_intake or await line.intake()  # no words in it, whoever has the case
    state = draft.state
    notice = line.sealer(state.conversation_id, intake).erasure(language=state.language)
    key = line.secrets.dedup(line.facts.code, draft.inbound.address, draft.inbound.message_id)
    try:
        outcome = await line.erase(state, key, notice)
    except SpoolError:
        return Told("unavailable")
    if outcome is Outcome.REPEATED and await line.state_at(draft.place) is not None:
        return Told("nothing")  # the provider repeats a message that was something else when it came first
    draft.is_erased = True
    return Told("erased")


async def _wipe(line: Line, draft: Draft) -> Told:
    if line.facts.deletes_own is None and line.facts.deletes_theirs is None:
        return Told("cannot_wipe")
    draft.wipes_now = True
    return Told("wiped")


async def _confirm(line: Line, draft: Draft) -> Told:
    typed = duress.ascii_digits(draft.typed.pop("last_group", ""))
    digits = "".join(char for char in typed if char in "0123456789")
    receipt = await _own_code(line, draft)
    is_right = receipt is not None and digits in {receipt.digits, receipt.groups[-1]}
    return Told("right" if is_right else "wrong")


_ACTS: Mapping[str, Callable[[Line, Draft], Awaitable[Told]]] = {
    "show_code": _show_code,
    "open": _open,
    "look": _look,
    "erase": _erase,
    "wipe": _wipe,
    "confirm": _confirm,
}
