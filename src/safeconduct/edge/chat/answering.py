# SPDX-License-Identifier: AGPL-3.0-or-later
"""From what the script says to the messages that are due: cut to the channel's size, one answer for a burst."""

import secrets as random
from collections.abc import Iterator, Sequence

from safeconduct.dialogue.scripts import counted_sentences, sentences
from safeconduct.dialogue.speaking import Spoken, speak
from safeconduct.dialogue.texts import texts
from safeconduct.dialogue.turns import Say
from safeconduct.edge.channels.contract import About, Facts
from safeconduct.edge.chat.draft import Draft
from safeconduct.edge.chat.errands import (
    ANSWER_PRIORITY,
    SEND,
    WIPE,
    WIPE_NOW,
    WIPE_PRIORITY,
    ToSend,
    ToWipe,
    close_errand,
)
from safeconduct.edge.chat.line import Line
from safeconduct.spool.contract import Errand
from safeconduct.vocabulary.identifiers import ConversationId

QUIET_MOST = 45  # a burst of messages gets one answer, but not later than this after the first of them
STALE_SECONDS = 15 * 60  # an answer that could not be sent for so long is asked for again, or not wanted any more
WIPE_SECONDS = 24 * 3600
_WINDOW_MARGIN = 600  # a messenger that lets a day pass lets not a minute more: what is deleted must be in time
AGENCY = "familylinks.icrc.org"


async def spoken(line: Line, draft: Draft) -> list[Spoken]:
    """What the person reads; empty for one who wants no answer, and where no language is approved."""
    tag = await line.voice(draft.state.position.language)
    if tag is None:
        return []
    notice = (await line.view()).line
    ways = [(way.kind, way.address) for way in notice.ways] if notice is not None else []
    values = {"agency": AGENCY} | ({"bureau": notice.bureau} if notice is not None and notice.bureau else {})
    said = speak(draft.effects, tag, buttons=line.facts.has_buttons, ways=ways, values=values)
    return _prefaced(draft.preface, said)


def greeting(facts: Facts, tag: str) -> list[str]:
    """What every first answer says honestly: who can read this, and what can be deleted here (T1)."""
    say, named = texts(tag).say, sentences()
    lines = [say(named[f"greeting_{facts.provider}"]), say(named["greeting_phone_seen"])]
    if facts.deletes_own is None and facts.deletes_theirs is None:
        return [" ".join([*lines, say(named["wipes_nothing"])])]
    one, many = counted_sentences()["wipes"]
    return [" ".join([*lines, texts(tag).plural(one, many, WIPE_SECONDS // 3600)])]


def what_stays(facts: Facts) -> list[Say]:
    """After everything was erased: what lies where we can delete nothing. A call leaves no words behind."""
    if facts.is_call or facts.deletes_own is not None or facts.deletes_theirs is not None:
        return []
    named = sentences()
    return [Say(named["wipes_nothing"])] + [Say(named["greeting_telephone"])] * (facts.provider == "telephone")


def errands_of(line: Line, draft: Draft, said: Sequence[Spoken], *, due: int) -> tuple[Errand, ...]:
    """Each message of each answer, and the deletion of the person's own message in time."""
    conversation, tag = draft.state.conversation_id, draft.state.position.language
    found = [
        sending(line, conversation, part, due=due, replaceable=draft.is_heard)
        for one in said
        for part in cut(line, one.text, options=one.options, tag=tag, stale_at=due + STALE_SECONDS)
    ]
    if draft.inbound.delete_id is not None and line.facts.deletes_theirs is not None:
        ids, now = (draft.inbound.delete_id,), int(draft.now)
        if draft.has_typed_code:
            found.append(wiping(line, conversation, draft.state.address, ids, due=now, queue=WIPE_NOW))
        else:
            found.append(wiping(line, conversation, draft.state.address, ids, due=now + wiped_after(line.facts)))
    return tuple(found)


def cut(  # noqa: PLR0913 - what a message is, by name
    line: Line,
    text: str,
    *,
    tag: str,
    options: tuple[tuple[str, str], ...] = (),
    about: About = "answer",
    reply: bytes | None = None,
    stale_at: int | None = None,
) -> Iterator[ToSend]:
    """One text in the parts that the channel can carry. Its buttons, and what it reports, belong to the last."""
    parts = line.channel.parts(text)
    reference = random.randbelow(1 << 16)
    for index, part in enumerate(parts, start=1):
        is_last = index == len(parts)
        yield ToSend(
            text=part, options=options if is_last else (), about=about, language=tag, index=index, total=len(parts),
            reference=reference, reply=reply, stale_at=stale_at,
        )  # fmt: skip


def sending(  # noqa: PLR0913 - what an errand is, by name
    line: Line, conversation: ConversationId, part: ToSend, *, due: int, replaceable: bool = False,
    priority: int = ANSWER_PRIORITY,
) -> Errand:  # fmt: skip
    body = close_errand(line.secrets, conversation, part)
    return Errand(line.facts.code, SEND, body, due, priority, replaceable)


def wiping(  # noqa: PLR0913 - what an errand is, by name
    line: Line, conversation: ConversationId, address: str, ids: tuple[str, ...], *, due: int, queue: str = WIPE
) -> Errand:
    body = close_errand(line.secrets, conversation, ToWipe(address, ids, line.facts.code))
    return Errand(line.facts.code, queue, body, due, WIPE_PRIORITY if queue == WIPE else ANSWER_PRIORITY)


def wiped_after(facts: Facts) -> int:
    """Seconds after which a message is deleted: one number for both sides, so that none waits behind a later one."""
    windows = [window - _WINDOW_MARGIN for window in (facts.deletes_own, facts.deletes_theirs) if window is not None]
    return min([WIPE_SECONDS, *windows])


def due_at(line: Line, draft: Draft) -> int:
    """At once, unless the person only told something: then when they have been quiet for a moment."""
    now = int(draft.now)
    if not draft.is_heard:
        return now
    return max(now, min(now + line.quiet_seconds, draft.state.quiet_from(now) + QUIET_MOST))


def _prefaced(preface: Sequence[str], said: Sequence[Spoken]) -> list[Spoken]:
    if not preface:
        return list(said)
    text = "\n\n".join(preface)
    if not said:
        return [Spoken(text)]
    first, *rest = said
    return [Spoken(f"{text}\n\n{first.text}" if first.text else text, first.options), *rest]
