# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every message that a channel hands over: understood, sealed, stored with its answer in one commit, then acknowledged."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence

from safeconduct.dialogue.conversation import begin, choose_language, proceed
from safeconduct.dialogue.engine import MESSAGE, WELCOME
from safeconduct.dialogue.recognising import recognise, tag_of
from safeconduct.dialogue.turns import (
    Act,
    Finish,
    Hear,
    Human,
    Input,
    Leave,
    Position,
    Pressed,
    Said,
    Say,
    Told,
    Turn,
)
from safeconduct.dialogue.words import global_act
from safeconduct.edge.channels.contract import Inbound
from safeconduct.edge.channels.errors import NoRoom, NotStored
from safeconduct.edge.chat.acts import act, finish
from safeconduct.edge.chat.answering import due_at, errands_of, greeting, spoken, what_stays
from safeconduct.edge.chat.codes import at_code_question, is_code, opened_by
from safeconduct.edge.chat.contacting import answers_freely, where_answered
from safeconduct.edge.chat.draft import Draft
from safeconduct.edge.chat.errands import REPLY
from safeconduct.edge.chat.files import keeps_of
from safeconduct.edge.chat.hearing import (
    forget_files,
    hear,
    is_bot_command,
    search_in,
    sound,
    take_file,
    without_command,
)
from safeconduct.edge.chat.line import Line
from safeconduct.edge.chat.opening import begin_conversation
from safeconduct.edge.chat.state import POSITION_SECONDS, ChatState, keep_mailbox, keep_pointer, keep_state
from safeconduct.spool.contract import Commit, Kept, Lane, Outcome, day_of
from safeconduct.spool.errors import ConversationUnknown, SpoolError, SpoolFull, SpoolUnavailable
from safeconduct.vocabulary.applications import Kind
from safeconduct.vocabulary.records import CallForPerson, ChatContact

_ACTS_MOST = 5  # of one message; a script that wants more is wrong


class Conversing:
    """Takes messages. One person's are handled in order, different people's at the same time."""

    def __init__(self, line: Line, wake: Callable[[], None]) -> None:
        self._line = line
        self._wake = wake

    async def take(self, inbounds: Sequence[Inbound]) -> None:
        """Returns when all of it is durable. Raises `NotStored`: what could be stored is, and is known when it comes again.

        Raises `NoRoom` when nothing but first words of strangers is left, and no other trouble was met.
        """
        by_person: defaultdict[bytes, list[Inbound]] = defaultdict(list)
        for inbound in inbounds:
            by_person[self._line.place(inbound.address)].append(sound(inbound))
        taking = [self._take_all(place, said) for place, said in by_person.items()]
        try:
            if len(taking) == 1:  # most often: one person needs no task of their own
                await taking[0]
                return
            outcomes = await asyncio.gather(*taking, return_exceptions=True)
        finally:
            self._wake()
        failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        _raise_gravest(failures)

    async def _take_all(self, place: bytes, inbounds: Sequence[Inbound]) -> None:
        async with self._line.locks.of(place):
            for count, inbound in enumerate(inbounds):
                try:
                    await self._take(place, inbound)
                except SpoolFull as error:
                    if error.lane is Lane.FIRST:
                        raise NoRoom(inbounds[count:]) from None
                    raise NotStored(type(error).__name__) from None
                except SpoolError as error:
                    raise NotStored(type(error).__name__) from None

    async def _take(self, place: bytes, inbound: Inbound) -> None:
        state = await self._line.own_state(place)
        try:
            await self._converse(place, inbound, state)
        except ConversationUnknown:  # erased by code, or expired, while this chat still pointed to it
            await self._converse(place, inbound, None)

    async def _converse(self, place: bytes, inbound: Inbound, state: ChatState | None) -> None:
        inbound = without_command(inbound)
        draft = await self._draft(place, inbound, state)
        if inbound.wish is not None:  # said aloud, with the number and the hours (R4)
            draft.change(contact="declared", rule=inbound.wish)
        try:
            turn = await (self._first_turn(draft) if state is None else self._next_turn(draft))
            await self._follow(draft, turn)
            draft.envelopes = await self._line.gathering.seal(draft.message(), people=len(self._line.locks))
            if draft.is_erased:
                draft.offer_nothing()  # whatever they chose would begin a new conversation
                draft.say(what_stays(self._line.facts))
                self._line.recent.forget(place)
                await self._line.farewell(draft.state, draft.inbound, await spoken(self._line, draft))
                return
            await self._store(draft, is_new=state is None)
        except BaseException as error:
            self._line.recent.forget(place)
            if not (draft.may_be_stored and _is_uncertain(error)):  # else it is the sweep that knows
                forget_files(self._line, draft)
            raise

    async def _draft(self, place: bytes, inbound: Inbound, state: ChatState | None) -> Draft:
        line, now = self._line, self._line.clock()
        intake, opens, keeps = await line.intake(), None, list[Kept]()
        if state is None:
            begun = begin_conversation(line, inbound.address, (await self._beginning(inbound)).position)
            state, opens, keeps = begun.state, begun.opens, [begun.code]
        elif now - state.heard > POSITION_SECONDS:
            state = state.replaced(position=self._at_menu(state.position.language).position)
        team = intake
        if opens is None:
            team, believed = await line.recipient(state, intake)
            state = state.replaced(sealed_to=tuple(believed))
        sealer, search = line.sealer(state.conversation_id, team), search_in(inbound, state)
        return Draft(inbound, place, now, state, sealer, search, line.fence, opens, keeps)

    async def _beginning(self, inbound: Inbound) -> Turn:
        """In the language in which the person wrote, or else their messenger's; if neither tells, it is the first question."""
        line = self._line
        hint = await line.spoken_language(tag_of(inbound.language))
        found = recognise(inbound.text or inbound.caption or "", prior=hint)
        tag = (await line.spoken_language(found.tag) if found.is_sure else None) or hint
        return self._at_menu(tag) if tag is not None else choose_language(line.facts.code, has=await line.has())

    async def _first_turn(self, draft: Draft) -> Turn:
        """A first message is stored, not taken for an answer: nothing was asked yet. A bot's start button is no word."""
        draft.seal(ChatContact(self._line.facts.code, draft.state.language, draft.state.mailbox), Kind.REPORT)
        await self._greet(draft)
        text = draft.inbound.text
        is_command = text is not None and (is_bot_command(text) or global_act(text) == "menu")
        if draft.inbound.file is not None or draft.inbound.is_other:
            await take_file(self._line, draft)
        elif text and is_code(text):
            return opened_by(draft.state.position, text)
        elif text and text.strip() and not is_command:
            hear(draft, Hear(MESSAGE, text))
            if global_act(text) == "human":  # it works anywhere, also as the first word
                return proceed(draft.state.position, Said(text), has=await self._line.has())
        return await self._asked_again(draft.state.position)

    async def _next_turn(self, draft: Draft) -> Turn:
        inbound, position = draft.inbound, draft.state.position
        greets = draft.state.is_greeting_due and await self._line.has_waiting_answer(draft.state)
        is_file = inbound.file is not None or inbound.is_other
        if greets and is_file:
            await self._greet(draft)
        if is_file:
            await take_file(self._line, draft)
            return await self._asked_again(position) if greets else Turn(position, ())
        if inbound.text is not None and is_bot_command(inbound.text):
            await self._greet(draft)
            return self._at_menu(position.language)
        if greets:
            return await self._grown_greeting(draft)
        return await self._in_their_language(draft, await self._answered(draft))

    async def _answered(self, draft: Draft) -> Turn:
        turn = proceed(draft.state.position, _input(draft.inbound), has=await self._line.has())
        return at_code_question(turn, draft.inbound.text)

    async def _in_their_language(self, draft: Draft, turn: Turn) -> Turn:
        """Who is asked for a language, and simply writes in it, has answered."""
        tag = await self._written_language(draft, turn)
        if tag is None:
            return turn
        draft.change(language=tag)
        draft.is_greeting = True
        menu = self._at_menu(tag)
        return Turn(menu.position, (Hear(MESSAGE, draft.inbound.text or ""), *menu.effects))

    async def _written_language(self, draft: Draft, turn: Turn) -> str | None:
        text, position = draft.inbound.text, turn.position
        is_asked = position.script == WELCOME and position.field is not None
        if text is None or not is_asked or not _is_message(turn):
            return None
        found = recognise(text)
        return await self._line.spoken_language(found.tag) if found.is_sure else None

    async def _grown_greeting(self, draft: Draft) -> Turn:
        """The greeting has not left yet: it grows, so that one answer comes, and it is never lost to what follows (R1)."""
        turn = await self._in_their_language(draft, await self._answered(draft))
        draft.change(position=turn.position)
        await self._greet(draft)
        if not _is_message(turn):
            return turn
        heard = [effect for effect in turn.effects if isinstance(effect, Hear)]
        return Turn(turn.position, (*heard, *(await self._asked_again(turn.position)).effects))

    async def _asked_again(self, position: Position) -> Turn:
        if position.script == WELCOME and position.field is not None:
            return choose_language(self._line.facts.code, has=await self._line.has())
        return self._at_menu(position.language)

    async def _greet(self, draft: Draft) -> None:
        draft.is_greeting = True
        tag = await self._line.voice(draft.state.position.language)
        if tag is not None:
            draft.preface.extend(greeting(self._line.facts, tag))

    def _at_menu(self, tag: str) -> Turn:
        return begin(tag, self._line.facts.code)

    async def _follow(self, draft: Draft, turn: Turn) -> None:
        """Do what the turn asks of the door, tell the script what came of it, and go on until it has had its say."""
        for _ in range(_ACTS_MOST):
            draft.change(position=turn.position, language=turn.position.language)
            told = await self._perform(draft, turn)
            if told is None:
                return
            draft.offer_nothing()
            turn = proceed(draft.state.position, told, has=await self._line.has())
        raise NotStored("the script does not come to an end")

    async def _perform(self, draft: Draft, turn: Turn) -> Told | None:
        told: Told | None = None
        after: list[Say] = []
        for effect in turn.effects:
            if isinstance(effect, Hear):
                hear(draft, effect)
                if not draft.is_greeting:
                    draft.say([effect])
            elif isinstance(effect, Act):
                told = await act(self._line, draft, effect.name)
            elif isinstance(effect, Finish):
                told = await finish(self._line, draft, effect.answers)
            elif isinstance(effect, Human):
                draft.seal(CallForPerson())
                wait = await self._line.wait(draft.state.position.language)
                after = [Say(one) for one in (wait, where_answered(draft.state, self._line.facts)) if one]
            elif isinstance(effect, Leave):
                draft.change(position=self._at_menu(draft.state.position.language).position)
            else:
                draft.say([effect, *after])
                after = []
        return told

    async def _store(self, draft: Draft, *, is_new: bool) -> None:
        line = self._line
        commit = await self._commit_of(draft, is_new=is_new)
        draft.may_be_stored = True
        outcome = await line.spool.commit(commit)
        if outcome is Outcome.REPEATED:
            line.recent.forget(draft.place)
            forget_files(line, draft)
            return
        if draft.left:
            line.recent.forget_conversation(draft.state.conversation_id)
            await line.leave(draft.left)
        line.recent.remember(draft.place, draft.state)
        if draft.wipes_now:
            await line.wipe(draft.state.conversation_id)

    async def _commit_of(self, draft: Draft, *, is_new: bool) -> Commit:
        line = self._line
        due = due_at(line, draft)
        self._count_quiet(draft, due, is_new=is_new)
        pointers = await self._pointers(draft)
        is_silent = draft.is_heard and not answers_freely(draft.state, line.facts.code, due)
        said = [] if is_silent else await spoken(line, draft)
        return Commit(
            key=line.secrets.dedup(line.facts.code, draft.inbound.address, draft.inbound.message_id),
            lane=Lane.FIRST if draft.opens is not None else Lane.KNOWN,
            conversation=draft.state.conversation_id,
            envelopes=draft.envelopes,
            opens=draft.opens,
            keeps=(
                keep_state(line.secrets, draft.place, draft.state, draft.now),
                *pointers,
                *draft.keeps,
                *keeps_of(draft.files, draft.now),
            ),
            errands=errands_of(line, draft, said, due=due),
            finishes=tuple(draft.finishes),
            supersedes=draft.opens is None,
            hastens=REPLY,  # the person is there: what waits for them is looked at now, not when it would be
            duress=draft.mark if draft.opens is None else None,
            fence=draft.fence,
        )

    async def _pointers(self, draft: Draft) -> tuple[Kept, ...]:
        """Where the chat is, and its mailbox's key. Written anew once a day: they live as long as the conversation."""
        today = day_of(draft.now)
        if today == draft.state.pointed and not draft.left:
            return ()
        secrets, conversation = self._line.secrets, draft.state.conversation_id
        mailbox = await self._line.mailbox_of(draft.state)
        draft.change(pointed=today, mailbox=b"")
        pointer = keep_pointer(secrets, draft.place, conversation, draft.now)
        return pointer, keep_mailbox(secrets, conversation, mailbox, draft.now)

    def _count_quiet(self, draft: Draft, due: int, *, is_new: bool) -> None:
        now, before = int(draft.now), draft.state
        waits = draft.is_heard and due > now
        draft.change(
            heard=now,
            is_greeting_due=waits and (is_new or draft.is_greeting),
            quiet_since=before.quiet_from(now) if waits else 0,
            answer_due=due if waits else 0,
        )


def _raise_gravest(failures: Sequence[BaseException]) -> None:
    """What everybody has to wait for goes before what only strangers wait for."""
    for failure in failures:
        if not isinstance(failure, NoRoom):
            raise failure
    left = [one for failure in failures if isinstance(failure, NoRoom) for one in failure.left]
    if left:
        raise NoRoom(left)


def _is_uncertain(error: BaseException) -> bool:
    """Whether a commit that ended so may have been stored: a worker was stopped meanwhile, or the disk did not answer."""
    return isinstance(error, SpoolUnavailable) or not isinstance(error, SpoolError)


def _input(inbound: Inbound) -> Input:
    return Pressed(inbound.pressed) if inbound.pressed is not None else Said(inbound.text or "")


def _is_message(turn: Turn) -> bool:
    return any(isinstance(effect, Hear) and effect.field == MESSAGE for effect in turn.effects)
