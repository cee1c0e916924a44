# SPDX-License-Identifier: AGPL-3.0-or-later
"""R16 in a chat: to whom what is written, sent, reported and moved there is sealed."""

import pytest
from tests.edge.cell import Cell
from tests.edge.chat.conftest import ANNA, BORYS, Chat, chat_line
from tests.edge.chat.paper import READS

from safeconduct.sealing.envelope import open_envelope
from safeconduct.sealing.errors import NotForThisKey
from safeconduct.spool.contract import Expiring
from safeconduct.vocabulary.identifiers import ConversationId
from safeconduct.vocabulary.instruction import KIND
from safeconduct.vocabulary.records import (
    CallForPerson,
    ChatContact,
    DeliveryReport,
    FileSent,
    PersonText,
    Record,
    decode,
)

ALONE = pytest.mark.rule("R16")


@pytest.fixture
async def cell(chat: Chat) -> Cell:
    cell = Cell(chat.door)
    await cell.publish()
    return cell


@pytest.fixture
async def conversation(chat: Chat, cell: Cell) -> ConversationId:
    """Anna's, who has written and whose case the cell has taken over."""
    await chat.tell("/start", "anybody there?", language="en")
    found = (await chat.state()).conversation_id
    await cell.tell(found)
    return found


async def of(cell: Cell, conversation: bytes, *, since: int) -> list[Record]:
    """What came of this conversation, opened with the cell's key; intake's opens none of it."""
    envelopes = [one for one in (await cell.arrived())[since:] if one.header.conversation == conversation]
    for one in envelopes:
        with pytest.raises(NotForThisKey):
            open_envelope(one, cell.line.intake)
    return [decode(open_envelope(one, cell.key)) for one in envelopes]


async def waiting(cell: Cell) -> int:
    return len(await cell.arrived())


@ALONE
async def test_a_first_word_looks_for_no_instruction(chat: Chat, cell: Cell, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    kept_keys = type(chat.line.spool).kept_keys

    async def watched(spool: Expiring, kind: str) -> frozenset[bytes]:
        asked.append(kind)
        return await kept_keys(spool, kind)

    monkeypatch.setattr(type(chat.line.spool), "kept_keys", watched)
    await chat.take(chat.message("anybody there?"))
    assert KIND not in asked
    assert await cell.last_is_for() == "intake"
    await cell.tell((await chat.state()).conversation)
    await chat.take(chat.message("hello?"))
    assert KIND in asked


@ALONE
async def test_the_next_message_is_opened_by_the_cell_alone(
    chat: Chat, cell: Cell, conversation: ConversationId
) -> None:
    before = await waiting(cell)
    await chat.tell("the old mill, half past four")
    assert await of(cell, conversation, since=before) == [PersonText("the old mill, half past four")]


@ALONE
async def test_a_file_and_a_call_for_a_person_are_the_cells_too(
    chat: Chat, cell: Cell, conversation: ConversationId
) -> None:
    before = await waiting(cell)
    await chat.send_file(b"picture")
    await chat.tell("operator")
    kinds = {type(record) for record in await of(cell, conversation, since=before)}
    assert FileSent in kinds
    assert kinds <= {FileSent, CallForPerson, PersonText}


async def test_another_persons_chat_is_still_intakes(chat: Chat, cell: Cell, conversation: ConversationId) -> None:
    await chat.tell("hello", who=BORYS)
    assert await cell.last_is_for() == "intake"
    await chat.tell("the mill", who=ANNA)
    assert await cell.last_is_for() == "cell"


@ALONE
async def test_the_cell_hears_what_became_of_its_reply(chat: Chat, cell: Cell, conversation: ConversationId) -> None:
    before = await waiting(cell)
    await chat.answer("we come at five")
    await chat.wait(60)
    assert "we come at five" in chat.phone()
    (report,) = await of(cell, conversation, since=before)
    assert isinstance(report, DeliveryReport)
    assert report.outcome == "delivered"


@ALONE
@pytest.mark.rule("T13")
@pytest.mark.parametrize("how", ["older", "taken away", "spoilt"])
async def test_a_worker_that_was_started_anew_falls_for_nothing_older(
    chat: Chat, cell: Cell, conversation: ConversationId, how: str
) -> None:
    await cell.tell(conversation, 2)
    await chat.tell("the mill")
    if how == "older":
        await cell.tell(conversation, 1, team="intake")
    elif how == "spoilt":
        await cell.lay(conversation, b"x" * 80)
    else:
        await chat.line.spool.forget(KIND, conversation)
    anew = chat_line(chat.door, READS)
    await anew.take(chat.message("the mill, at five"))
    assert await cell.last_is_for() == "cell"


async def test_what_is_given_back_is_sealed_to_intake_again(
    chat: Chat, cell: Cell, conversation: ConversationId
) -> None:
    await chat.tell("one")
    await cell.tell(conversation, 2, team="intake")
    await chat.tell("two")
    assert await cell.last_is_for() == "intake"


@ALONE
async def test_who_comes_back_with_the_code_goes_on_with_the_cell(
    chat: Chat, cell: Cell, conversation: ConversationId
) -> None:
    code = await chat.code()
    assert code is not None
    before = await waiting(cell)
    await chat.tell("/start", who=BORYS, language="en")
    await chat.tell(code, who=BORYS)
    assert (await chat.state(BORYS)).conversation_id == conversation
    await chat.tell("it is me, at the mill", who=BORYS)
    said = await of(cell, conversation, since=before)
    assert {type(record) for record in said} == {ChatContact, PersonText}


@pytest.mark.rule("R48")
async def test_an_erasure_in_the_chat_takes_the_word_along(
    chat: Chat, cell: Cell, conversation: ConversationId
) -> None:
    notice = chat.line.sealer(conversation, cell.line.intake.public).erasure(language="en")
    await chat.line.erase(await chat.state(), chat.line.secrets.dedup("telegram", ANNA, "x"), notice)
    assert await chat.line.spool.kept(KIND, conversation) is None
