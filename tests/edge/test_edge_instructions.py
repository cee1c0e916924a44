# SPDX-License-Identifier: AGPL-3.0-or-later
"""R16 at the web door: to whom an open inbox is sealed, and whose word changes that."""

import logging

import pytest
from tests.edge.cell import Cell
from tests.edge.conftest import Line
from tests.edge.person import Page, Person

from safeconduct.edge import instructions
from safeconduct.edge.board import TeamShown, View
from safeconduct.edge.instructions import REMEMBERED, Believed, InstructionReader
from safeconduct.sealing import instruction as sealing
from safeconduct.sealing.envelope import open_envelope
from safeconduct.sealing.errors import NotForThisKey
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.signatures import SigningKey
from safeconduct.spool.contract import Kept
from safeconduct.spool.errors import SpoolUnavailable
from safeconduct.spool.sqlite import SqliteSpool
from safeconduct.vocabulary.identifiers import ConversationId
from safeconduct.vocabulary.instruction import KIND, encode
from safeconduct.vocabulary.records import PersonText
from safeconduct.vocabulary.records import decode as record_of

ALONE = pytest.mark.rule("R16")
FORGED = pytest.mark.rule("T13")


@pytest.fixture
async def cell(line: Line) -> Cell:
    cell = Cell(line)
    await cell.publish()
    return cell


@pytest.fixture
async def inbox(person: Person) -> Page:
    """Of somebody who has applied."""
    return await person.open((await person.apply()).receipt)


@pytest.fixture
async def conversation(inbox: Page, cell: Cell) -> bytes:
    return (await cell.arrived())[0].header.conversation


@ALONE
async def test_a_first_contact_is_intakes(person: Person, cell: Cell) -> None:
    await person.apply()
    assert await cell.last_is_for() == "intake"


@ALONE
async def test_what_follows_is_opened_by_the_cell_alone(
    person: Person, inbox: Page, cell: Cell, conversation: bytes
) -> None:
    await cell.tell(conversation)
    assert (await person.write(inbox, "the old mill")).status == 200
    last = (await cell.arrived())[-1]
    assert record_of(open_envelope(last, cell.key)) == PersonText("the old mill")
    with pytest.raises(NotForThisKey):
        open_envelope(last, cell.line.intake)


@ALONE
async def test_another_persons_words_are_still_intakes(
    person: Person, inbox: Page, cell: Cell, conversation: bytes
) -> None:
    await cell.tell(conversation)
    other = await person.open((await person.apply()).receipt)
    await person.write(other, "not about a place")
    assert await cell.last_is_for() == "intake"
    await person.write(inbox, "a place")
    assert await cell.last_is_for() == "cell"


async def test_what_is_given_back_is_sealed_to_intake_again(
    person: Person, inbox: Page, cell: Cell, conversation: bytes
) -> None:
    await cell.tell(conversation, 1)
    await person.write(inbox, "one")
    await cell.tell(conversation, 2, team="intake")
    await person.write(inbox, "two")
    assert await cell.last_is_for() == "intake"


@FORGED
@pytest.mark.parametrize("stranger", [SigningKey.generate(), None])
async def test_only_the_desks_own_word_counts(
    person: Person, inbox: Page, cell: Cell, conversation: bytes, stranger: SigningKey | None
) -> None:
    await cell.tell(conversation, signer=stranger or cell.line.credentials.signing_key)
    await person.write(inbox, "hello")
    assert await cell.last_is_for() == "intake"


@FORGED
@pytest.mark.parametrize("spoil", ["cut", "altered", "empty", "for something else"])
async def test_a_spoilt_word_changes_nothing(
    person: Person, inbox: Page, cell: Cell, conversation: bytes, spoil: str
) -> None:
    content = encode(cell.word(conversation))
    good = sealing.sign(content, cell.line.desk)
    spoilt = {
        "cut": good[:-1],
        "altered": good.replace(b'"version":1', b'"version":2'),
        "empty": b"",
        "for something else": cell.line.desk.sign(content) + content,
    }
    assert spoilt[spoil] != good
    await cell.lay(conversation, spoilt[spoil])
    assert (await person.write(inbox, "hello")).status == 200
    assert await cell.last_is_for() == "intake"


@FORGED
async def test_the_word_for_another_conversation_does_not_count_here(
    person: Person, inbox: Page, cell: Cell, conversation: bytes
) -> None:
    foreign = sealing.sign(encode(cell.word(bytes(16))), cell.line.desk)
    await cell.lay(conversation, foreign)
    await person.write(inbox, "hello")
    assert await cell.last_is_for() == "intake"


@FORGED
async def test_a_key_that_is_not_on_the_board_is_never_sealed_to(
    person: Person, inbox: Page, cell: Cell, conversation: bytes
) -> None:
    await cell.tell(conversation, key_id=PrivateKey.generate().public.key_id)
    await person.write(inbox, "hello")
    assert await cell.last_is_for() == "intake"


@FORGED
async def test_an_older_word_is_not_believed_again(
    person: Person, inbox: Page, cell: Cell, conversation: bytes
) -> None:
    await cell.tell(conversation, 1, team="intake")
    await cell.tell(conversation, 2)
    await person.write(inbox, "to the cell")
    await cell.tell(conversation, 1, team="intake")
    await person.write(inbox, "to the cell still")
    assert await cell.last_is_for() == "cell"


@FORGED
async def test_neither_is_it_by_a_door_that_was_started_anew(
    person: Person, inbox: Page, cell: Cell, conversation: bytes, line: Line
) -> None:
    await cell.tell(conversation, 2)
    await person.write(inbox, "to the cell")
    await cell.tell(conversation, 1, team="intake")
    async with line.client() as client:
        await Person(client).write(inbox, "to the cell still")
    assert await cell.last_is_for() == "cell"


@FORGED
@pytest.mark.parametrize("how", ["taken away", "spoilt"])
async def test_who_takes_the_word_away_gets_nothing_for_intake(
    person: Person, inbox: Page, cell: Cell, conversation: bytes, how: str
) -> None:
    await cell.tell(conversation)
    await person.write(inbox, "to the cell")
    if how == "spoilt":
        await cell.lay(conversation, b"x" * 100)
    else:
        await cell.line.spool.forget(KIND, conversation)
    await person.write(inbox, "to the cell still")
    assert await cell.last_is_for() == "cell"


@ALONE
async def test_a_door_that_was_stopped_believes_what_it_finds(
    inbox: Page, cell: Cell, conversation: bytes, line: Line
) -> None:
    await cell.tell(conversation)
    async with line.client() as client:
        await Person(client).write(inbox, "after the restart")
    assert await cell.last_is_for() == "cell"


async def test_a_cell_whose_key_was_rotated_is_sealed_to_by_its_new_one(
    person: Person, inbox: Page, cell: Cell, conversation: bytes
) -> None:
    await cell.tell(conversation)
    cell.key = PrivateKey.generate()
    await cell.publish(version=2)
    await person.write(inbox, "hello")
    assert await cell.last_is_for() == "cell"


@FORGED
async def test_a_key_that_the_board_does_not_show_yet_waits_for_it(
    person: Person, inbox: Page, cell: Cell, conversation: bytes
) -> None:
    old, cell.key = cell.key, PrivateKey.generate()
    await cell.tell(conversation, version=2)
    await person.write(inbox, "hello")
    assert await cell.last_is_for() == "intake"  # who left the cell may hold the key that is shown still
    assert old.public.key_id != cell.key.public.key_id
    await cell.publish(version=2)
    await person.write(inbox, "hello again")
    assert await cell.last_is_for() == "cell"


@pytest.mark.rule("R48")
async def test_an_erasure_takes_the_word_along_and_needs_no_key_of_the_cell(
    person: Person, inbox: Page, cell: Cell, conversation: bytes
) -> None:
    await cell.tell(conversation)
    assert (await person.erase(inbox)).status == 200
    assert await cell.line.spool.kept(KIND, conversation) is None
    assert await cell.last_is_for() == "intake"


@pytest.mark.rule("R5")
async def test_the_agreed_word_is_found_whoever_it_is_sealed_to(person: Person, cell: Cell) -> None:
    receipt = (await person.apply(duress_word="birch")).receipt
    inbox = await person.open(receipt)
    await cell.tell((await cell.arrived())[0].header.conversation)
    await person.write(inbox, "the birch stands by the mill")
    said = record_of(open_envelope((await cell.arrived())[-1], cell.key))
    assert said == PersonText("the birch stands by the mill", duress=True)


@pytest.mark.rule("T9")
async def test_a_word_that_cannot_be_read_stores_nothing(
    person: Person, inbox: Page, cell: Cell, conversation: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_spool: SqliteSpool, _kind: str) -> frozenset[bytes]:
        raise SpoolUnavailable("gone")

    monkeypatch.setattr(SqliteSpool, "kept_keys", fail)
    before = len(await cell.arrived())
    assert (await person.write(inbox, "the old mill")).status == 503
    assert len(await cell.arrived()) == before


@pytest.mark.rule("T3")
async def test_what_is_logged_names_nobody(cell: Cell, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    conversation, intake = ConversationId(b"c" * 16), cell.line.intake.public
    await cell.line.spool.keep(Kept(KIND, conversation, b"spoilt" * 20, int(cell.line.clock()) + 60))
    reader = InstructionReader(cell.line.spool, desk=cell.line.desk.verify_key)
    view = View(intake=intake, teams={"handover": TeamShown(1, cell.key.public)})
    for _ in range(3):
        assert (await reader.recipient(conversation, view, intake=intake)).key == intake
    said = [record.getMessage() for record in caplog.records if "instruction" in record.getMessage()]
    assert said == ["an instruction on whom to seal to is not believed: BadSignature"]
    assert conversation.hex() not in caplog.text


async def test_a_bounded_number_of_words_is_remembered(cell: Cell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("safeconduct.edge.instructions.REMEMBERED", 2)
    reader = InstructionReader(cell.line.spool, desk=cell.line.desk.verify_key)
    view, intake = View(teams={"handover": TeamShown(1, cell.key.public)}), cell.line.intake.public
    for one in range(5):
        conversation = ConversationId(bytes([one]) * 16)
        found = await reader.recipient(conversation, view, intake=intake, before=Believed(3, "handover"))
        assert found.key == cell.key.public
    assert len(reader._believed) == 2
    assert REMEMBERED > 1000


async def test_the_list_of_words_is_read_for_many_messages_at_once(
    cell: Cell, conversation: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instructions, "LOOK_SECONDS", 60.0)
    reader = InstructionReader(cell.line.spool, desk=cell.line.desk.verify_key)
    view, intake = View(teams={"handover": TeamShown(1, cell.key.public)}), cell.line.intake.public
    known = ConversationId(conversation)
    assert (await reader.recipient(known, view, intake=intake)).key == intake
    await cell.tell(conversation)
    assert (await reader.recipient(known, view, intake=intake)).key == intake
    monkeypatch.setattr(instructions, "LOOK_SECONDS", 0.0)
    assert (await reader.recipient(known, view, intake=intake)).key == cell.key.public
