# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person sent, on its way into sealed records: words letter by letter, files in pieces, the duress word unseen."""

import dataclasses
import re
from typing import overload

from safeconduct.dialogue import duress
from safeconduct.dialogue.engine import MESSAGE
from safeconduct.dialogue.scripts import sentences
from safeconduct.dialogue.turns import Hear
from safeconduct.edge.channels.contract import FileRef, Inbound
from safeconduct.edge.channels.errors import NotStored, SendLater, SendRefused
from safeconduct.edge.chat.codes import JUDGED, is_code, resembles_code
from safeconduct.edge.chat.draft import Draft
from safeconduct.edge.chat.errors import FileTooLarge
from safeconduct.edge.chat.line import Line
from safeconduct.edge.chat.state import ChatState
from safeconduct.edge.messages import Search
from safeconduct.vocabulary.records import TEXT_MAX, PersonText

_START = re.compile(r"/start(@\w+)?(\s+|$)")
_LINK_MARK = re.compile(r"(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{1,64}")
_HALF = re.compile("[\ud800-\udfff]")


def sound(inbound: Inbound) -> Inbound:
    """The message with every half character marked as such (T8): the rest of it must not be lost for one that is broken."""
    file = inbound.file
    return dataclasses.replace(
        inbound,
        text=_whole(inbound.text),
        pressed=_whole(inbound.pressed),
        caption=_whole(inbound.caption),
        file=None if file is None else FileRef(file.handle, _whole(file.media_type), file.size, _whole(file.name)),
    )


def is_bot_command(text: str) -> bool:
    """What a messenger's start button writes for the person: no word of theirs."""
    return _START.fullmatch(text) is not None


def without_command(inbound: Inbound) -> Inbound:
    """What somebody wrote behind the command. A word with digits in it is the mark of somebody's link, and is no word."""
    found = _START.match(inbound.text or "")
    rest = inbound.text[found.end() :].strip() if found and inbound.text else ""
    if not found or not rest:
        return inbound
    return dataclasses.replace(inbound, text=found[0].strip() if _LINK_MARK.fullmatch(rest) else rest)


def hear(draft: Draft, heard: Hear) -> None:
    """Free text, letter by letter. A code, and a word that is agreed on, are not sealed: they are for no operator's eyes."""
    if heard.field in JUDGED:
        draft.typed[heard.field] = heard.text
        if resembles_code(heard.text):
            draft.has_typed_code = True
        else:  # "I have lost it, help me"
            _seal_text(draft, heard.text)
    elif heard.field == "duress_word":
        state = draft.state
        mark = duress.make(state.duress_key, state.conversation_id, heard.text)
        draft.mark = duress.agreed(
            state.mark, mark
        )  # whoever agreed on another may hold the phone: the old one stays (R5)
        draft.change(mark=draft.mark)
    elif is_code(heard.text):
        draft.has_typed_code = True
    else:
        _seal_text(draft, heard.text)
        draft.is_heard = draft.is_heard or heard.field == MESSAGE


def search_in(inbound: Inbound, state: ChatState) -> Search:
    """R5: the same search in every message, by what was agreed on before it."""
    text = inbound.text or inbound.caption or ""
    return Search(text, state.duress_key, state.conversation, state.mark)


async def take_file(line: Line, draft: Draft) -> None:
    """R8. Raises `NotStored` when the provider or the disk cannot give or take it now.

    A provider that goes on refusing it is not waited for: nobody's file may keep everybody else's words out.
    """
    file, say = draft.inbound.file, (await line.words(draft.state)).say
    if draft.inbound.caption:
        hear(draft, Hear(MESSAGE, draft.inbound.caption))
    if file is None:
        draft.preface.append(say(sentences()["file_not_taken"]))
        return
    if line.files is None or not line.files.has_room(len(draft.state.files)):
        draft.preface.append(say(sentences()["files_not_possible"]))
        return
    line.files.wait_for(file.handle)
    try:
        sent = await line.files.take(line.channel.fetch(file), media_type=file.media_type, name=file.name)
    except FileTooLarge as error:
        draft.preface.append(say(sentences()["file_too_large"], max=error.megabytes))
    except SendRefused:
        draft.preface.append(say(sentences()["file_not_taken"]))
    except (SendLater, OSError) as error:
        if isinstance(error, OSError) or not line.files.is_hopeless(file.handle):
            raise NotStored(type(error).__name__) from None
        draft.preface.append(say(sentences()["file_not_taken"]))
    else:
        draft.files.append(sent)
        draft.change(files=(*draft.state.files, sent.storage))
        draft.seal(sent)
        draft.preface.append(say(sentences()["file_stored"]))


def forget_files(line: Line, draft: Draft) -> None:
    """The message that brought them was not stored, or was a repeat."""
    if line.files is not None:
        line.files.forget([sent.storage for sent in draft.files])


def _seal_text(draft: Draft, text: str) -> None:
    for start in range(0, len(text), TEXT_MAX):  # a messenger may carry more than a page: nothing is cut off
        draft.seal(PersonText(text[start : start + TEXT_MAX]))
        draft.has_text = True


@overload
def _whole(text: str) -> str: ...
@overload
def _whole(text: str | None) -> str | None: ...
def _whole(text: str | None) -> str | None:
    """Two halves that belong together become the character that they are; a lone one becomes the sign for that."""
    if text is None or not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
