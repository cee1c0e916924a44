# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every message that a channel hands over: understood, sealed, stored with its answer in one commit, then acknowledged."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence

from safeconduct.dialogue import duress
from safeconduct.dialogue.conversation import begin, choose_language, proceed
from safeconduct.dialogue.engine import MESSAGE, WELCOME
from safeconduct.dialogue.recognising import recognise
from safeconduct.dialogue.scripts import sentences
from safeconduct.dialogue.texts import texts
from safeconduct.dialogue.turns import (
    Act,
    Finish,
    Hear,
    Human,
    Input,
    Leave,
    Offer,
    Position,
    Pressed,
    Said,
    Told,
    Turn,
)
from safeconduct.dialogue.words import global_act
from safeconduct.edge.channels.contract import Inbound
from safeconduct.edge.channels.errors import NotStored, SendLater, SendRefused
from safeconduct.edge.chat.acts import act, finish
from safeconduct.edge.chat.answering import due_at, errands_of, greeting, spoken
from safeconduct.edge.chat.draft import Draft
from safeconduct.edge.chat.errors import FileTooLarge
from safeconduct.edge.chat.line import Line
from safeconduct.edge.chat.opening import begin_conversation
from safeconduct.edge.chat.state import POSITION_SECONDS, ChatState, keep_pointer, keep_state
from safeconduct.spool.contract import Commit, Kept, Lane, Outcome, day_of
from safeconduct.spool.errors import ConversationUnknown, SpoolError
from safeconduct.vocabulary.applications import Kind
from safeconduct.vocabulary.records import TEXT_MAX, CallForPerson, ChatContact, PersonText

_ACTS_MOST = 5  # of one message; a script that wants more is wrong
_INLINE_CHARACTERS = 500  # a longer text is searched for the duress word in a thread, so that it holds up nobody
_BOT_COMMAND = "/start"


class Conversing:
    """Takes messages. One person's are handled in order, different people's at the same time."""

    def __init__(self, line: Line, wake: Callable[[], None]) -> None:
        self._line = line
        self._wake = wake

    async def take(self, inbounds: Sequence[Inbound]) -> None:
        """Returns when all of it is durable. Raises `NotStored`: what could be stored is, and is known when it comes again."""
        by_person: defaultdict[bytes, list[Inbound]] = defaultdict(list)
        for inbound in inbounds:
            by_person[self._line.place(inbound.address)].append(inbound)
        outcomes = await asyncio.gather(
            *(self._take_all(place, said) for place, said in by_person.items()), return_exceptions=True
        )
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    async def _take_all(self, place: bytes, inbounds: Sequence[Inbound]) -> None:
        async with self._line.locks.of(place):
            for inbound in inbounds:
                try:
                    await self._take(place, inbound)
                except SpoolError as error:
                    raise NotStored(type(error).__name__) from None
        self._wake()

    async def _take(self, place: bytes, inbound: Inbound) -> None:
        state = await self._line.state_at(place)
        try:
            await self._converse(place, inbound, state)
        except ConversationUnknown:  # erased by code, or expired, while this chat still pointed to it
            await self._converse(place, inbound, None)

    async def _converse(self, place: bytes, inbound: Inbound, state: ChatState | None) -> None:
        draft, turn = await self._begun(place, inbound, state)
        await self._follow(draft, turn)
        self._keep_duress(draft)
        if draft.is_erased:
            await self._line.farewell(draft.state, await spoken(self._line, draft))
            return
        await self._store(draft, is_new=state is None)

    async def _begun(self, place: bytes, inbound: Inbound, state: ChatState | None) -> tuple[Draft, Turn]:
        line, now = self._line, self._line.clock()
        intake = await line.intake()
        if state is None:
            turn = await self._first_turn(inbound)
            begun = begin_conversation(line, inbound.address, turn.position)
            draft = Draft(
                inbound, place, now, begun.state, line.sealer(begun.state.conversation_id, intake), begun.opens
            )
            draft.seal(ChatContact(line.facts.code, turn.position.language, begun.state.mailbox), Kind.REPORT)
            await self._listen_for_duress(draft)
            await self._greet(draft)
            return draft, await self._first_words(draft, turn)
        draft = Draft(inbound, place, now, state, line.sealer(state.conversation_id, intake))
        if now - state.heard > POSITION_SECONDS:
            draft.change(position=self._at_menu(state.position.language).position)
        await self._listen_for_duress(draft)
        return draft, await self._next_turn(draft)

    async def _first_turn(self, inbound: Inbound) -> Turn:
        """In the language in which the person wrote; if that cannot be told, which language is the first question."""
        line = self._line
        hint = await line.spoken_language(inbound.language)
        found = recognise(inbound.text or inbound.caption or "", prior=hint)
        tag = await line.spoken_language(found.tag) or hint
        return self._at_menu(tag) if tag is not None else choose_language(self._line.facts.code)

    async def _first_words(self, draft: Draft, turn: Turn) -> Turn:
        """A first message is stored, not taken for an answer: nothing was asked yet. A bot's start button is no word."""
        text = draft.inbound.text
        is_command = text is not None and (text.startswith(_BOT_COMMAND) or global_act(text) == "menu")
        if draft.inbound.file is not None or draft.inbound.is_other:
            await self._take_file(draft)
        elif text and text.strip() and not is_command:
            self._hear(draft, Hear(MESSAGE, text))
        return turn

    async def _next_turn(self, draft: Draft) -> Turn:
        inbound, position = draft.inbound, draft.state.position
        if inbound.file is not None or inbound.is_other:
            await self._take_file(draft)
            return Turn(position, ())
        if inbound.text is not None and inbound.text.startswith(_BOT_COMMAND):
            await self._greet(draft)
            return self._at_menu(position.language)
        if draft.now < draft.state.greeting_due:  # the greeting has not been sent: it grows, so that one answer comes
            return await self._grown_greeting(draft)
        said: Input = Pressed(inbound.pressed) if inbound.pressed is not None else Said(inbound.text or "")
        return await self._in_their_language(draft, proceed(position, said))

    async def _in_their_language(self, draft: Draft, turn: Turn) -> Turn:
        """Who is asked for a language, and simply writes in it, has answered."""
        text, position = draft.inbound.text, turn.position
        is_asked = position.script == WELCOME and position.field is not None
        if text is None or not is_asked or not _is_message(turn):
            return turn
        tag = await self._line.spoken_language(recognise(text).tag)
        if tag is None:
            return turn
        draft.change(language=tag)
        draft.is_greeting = True
        return self._greeted(tag, text)

    def _greeted(self, tag: str, text: str) -> Turn:
        menu = self._at_menu(tag)
        return Turn(menu.position, (Hear(MESSAGE, text), *menu.effects))

    async def _grown_greeting(self, draft: Draft) -> Turn:
        said: Input = Said(draft.inbound.text or "")
        turn = proceed(draft.state.position, said)
        if not _is_message(turn):
            return turn
        await self._greet(draft)
        heard = [effect for effect in turn.effects if isinstance(effect, Hear)]
        return Turn(turn.position, (*heard, *self._again(turn.position).effects))

    def _again(self, position: Position) -> Turn:
        asks_language = position.field is not None
        return choose_language(self._line.facts.code) if asks_language else self._at_menu(position.language)

    async def _greet(self, draft: Draft) -> None:
        draft.is_greeting = True
        tag = await self._line.spoken_language(draft.state.position.language)
        if tag is not None:
            draft.preface.extend(greeting(self._line.facts, tag))

    def _at_menu(self, tag: str) -> Turn:
        return begin(tag, self._line.facts.code)

    async def _follow(self, draft: Draft, turn: Turn) -> None:
        """Do what the turn asks of the door, tell the script what came of it, and go on until it has had its say."""
        for _ in range(_ACTS_MOST):
            draft.change(position=turn.position)
            told = await self._perform(draft, turn)
            if told is None:
                return
            draft.effects = [effect for effect in draft.effects if not isinstance(effect, Offer)]
            turn = proceed(draft.state.position, told)
        raise NotStored("the script does not come to an end")

    async def _perform(self, draft: Draft, turn: Turn) -> Told | None:
        told: Told | None = None
        for effect in turn.effects:
            if isinstance(effect, Hear):
                self._hear(draft, effect)
                if not draft.is_greeting:
                    draft.say([effect])
            elif isinstance(effect, Act):
                told = await act(self._line, draft, effect.name)
            elif isinstance(effect, Finish):
                told = finish(self._line, draft, effect.answers)
            elif isinstance(effect, Human):
                draft.seal(CallForPerson())
            elif isinstance(effect, Leave):
                draft.change(position=self._at_menu(draft.state.position.language).position)
            else:
                draft.say([effect])
        return told

    def _hear(self, draft: Draft, heard: Hear) -> None:
        """Free text, letter by letter. What the door has to judge itself (a code, a word) is not sealed as a message."""
        if heard.field in {"receipt", "last_group"}:
            draft.typed[heard.field] = heard.text
            draft.has_typed_code = True
        elif heard.field == "duress_word":
            state = draft.state
            draft.mark = duress.make(state.duress_key, state.conversation_id, heard.text)
            draft.change(mark=draft.mark)
        else:
            self._seal_text(draft, heard.text)
            draft.is_heard = draft.is_heard or heard.field == MESSAGE

    def _seal_text(self, draft: Draft, text: str) -> None:
        for start in range(0, len(text), TEXT_MAX):  # a messenger may carry more than a page: nothing is cut off
            draft.seal(PersonText(text[start : start + TEXT_MAX], duress=draft.is_duress))
            draft.has_text = True

    async def _listen_for_duress(self, draft: Draft) -> None:
        """R5: the same work for every message, before anything is made of it."""
        text = draft.inbound.text or draft.inbound.caption or ""
        state = draft.state
        if len(text) <= _INLINE_CHARACTERS:
            draft.is_duress = duress.spoken(state.duress_key, state.conversation_id, text, state.mark)
        else:
            draft.is_duress = await asyncio.to_thread(
                duress.spoken, state.duress_key, state.conversation_id, text, state.mark
            )

    def _keep_duress(self, draft: Draft) -> None:
        """A word that was also an answer (a number, a name on a button) still reaches the operators."""
        if draft.is_duress and not draft.has_text and draft.mark is None and draft.inbound.text:
            self._seal_text(draft, draft.inbound.text)

    async def _take_file(self, draft: Draft) -> None:
        """R8. Raises `NotStored` when the provider or the disk cannot give or take it now."""
        file, say = draft.inbound.file, texts(draft.state.position.language).say
        if draft.inbound.caption:
            self._hear(draft, Hear(MESSAGE, draft.inbound.caption))
        if file is None:
            draft.preface.append(say(sentences()["file_not_taken"]))
            return
        if self._line.files is None:
            draft.preface.append(say(sentences()["files_not_possible"]))
            return
        try:
            sent = await self._line.files.take(
                self._line.channel.fetch(file), media_type=file.media_type, name=file.name
            )
        except FileTooLarge as error:
            draft.preface.append(say(sentences()["file_too_large"], max=error.megabytes))
        except SendRefused:
            draft.preface.append(say(sentences()["file_not_taken"]))
        except (SendLater, OSError) as error:
            raise NotStored(type(error).__name__) from None
        else:
            draft.files.append(sent)
            draft.seal(sent)
            draft.preface.append(say(sentences()["file_stored"]))

    async def _store(self, draft: Draft, *, is_new: bool) -> None:
        line, now = self._line, draft.now
        due = due_at(line, draft)
        self._count_quiet(draft, due, is_new=is_new)
        pointer = self._pointer(draft)
        wants_none = draft.state.contact == "never" and draft.is_heard
        said = [] if wants_none else await spoken(line, draft)
        try:
            outcome = await line.spool.commit(
                Commit(
                    key=line.secrets.dedup(line.facts.code, draft.inbound.address, draft.inbound.message_id),
                    lane=Lane.FIRST if draft.opens is not None else Lane.KNOWN,
                    conversation=draft.state.conversation_id,
                    envelopes=tuple(draft.envelopes),
                    opens=draft.opens,
                    keeps=(keep_state(line.secrets, draft.place, draft.state, now), *pointer),
                    errands=errands_of(line, draft, said, due=due),
                    supersedes=draft.opens is None,
                    duress=draft.mark if draft.opens is None else None,
                    fence=line.fence,
                )
            )
        except SpoolError:
            self._forget_files(draft)
            raise
        if outcome is Outcome.REPEATED:
            self._forget_files(draft)
            return
        await line.leave(draft.left)
        if draft.wipes_now:
            await line.wipe(draft.state.conversation_id)

    def _pointer(self, draft: Draft) -> tuple[Kept, ...]:
        """Written anew once a day: it lives as long as the conversation."""
        today = day_of(draft.now)
        if today == draft.state.pointed and not draft.left:
            return ()
        draft.change(pointed=today)
        return (keep_pointer(self._line.secrets, draft.place, draft.state.conversation_id, draft.now),)

    def _count_quiet(self, draft: Draft, due: int, *, is_new: bool) -> None:
        now = int(draft.now)
        waits = draft.is_heard and due > now
        greets = due if waits and (is_new or now < draft.state.greeting_due) else 0
        since = (draft.state.quiet_since or now) if waits else 0
        draft.change(heard=now, greeting_due=greets, quiet_since=since)

    def _forget_files(self, draft: Draft) -> None:
        for sent in draft.files:
            if self._line.files is not None:
                self._line.files.forget(sent)


def _is_message(turn: Turn) -> bool:
    return any(isinstance(effect, Hear) and effect.field == MESSAGE for effect in turn.effects)
