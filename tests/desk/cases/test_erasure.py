# SPDX-License-Identifier: AGPL-3.0-or-later
import secrets
import stat
import threading
from pathlib import Path

import pytest
from tests.desk.cases.conftest import Line, Person

from safeconduct.desk.audit.models import Entry
from safeconduct.desk.cases import acts, arrivals
from safeconduct.desk.cases.erasure_store import ErasureStore
from safeconduct.desk.cases.errors import CaseGone, ErasureStoreRefused
from safeconduct.desk.cases.models import Case, Erased, Outgoing, StoredEnvelope
from safeconduct.desk.cases.writing import Hand
from safeconduct.sealing.envelope import join, open_envelope
from safeconduct.sealing.erasure import ErasureKey, recover
from safeconduct.sealing.errors import SealingError
from safeconduct.spool.contract import Waiting
from safeconduct.vocabulary.applications import Kind
from safeconduct.vocabulary.identifiers import ConversationId
from safeconduct.vocabulary.records import PersonText, decode

FIRST, SECOND = ConversationId(b"1" * 16), ConversationId(b"2" * 16)


@pytest.mark.rule("R48", "T3")
def test_an_erasure_leaves_no_row_and_a_record_that_it_was_done(line: Line, person: Person, hand: Hand) -> None:
    number = line.case(person).number
    acts.read(hand, number)
    acts.reply(hand, number, line.writing("ответ"))
    acts.note(hand, number, line.writing("заметка"))
    acts.keep_draft(hand.operator, number, line.writing("ещё"), box="reply", keys=line.keys)
    recorded = Entry.objects.count()
    line.erase(person)
    assert line.collect().erased == 1
    assert not Case.objects.exists()
    assert not StoredEnvelope.objects.exists()
    assert not Outgoing.objects.exists()
    assert Entry.objects.count() == recorded + 1
    with pytest.raises(CaseGone):
        acts.read(hand, number)


@pytest.mark.rule("R48", "T3")
def test_what_was_copied_before_an_erasure_opens_for_nobody_after_it(line: Line, person: Person, hand: Hand) -> None:
    acts.read(hand, line.case(person).number)
    acts.note(hand, line.case(person).number, line.writing("заметка"))
    key = line.erasure_key(person)
    copies = [(bytes(row.envelope), bytes(row.core), bytes(row.wraps)) for row in StoredEnvelope.objects.all()]
    for identity, core, wraps in copies:  # while the key lives, the team reads
        whole = join(core, recover(key, wraps, context=b"wraps" + identity))
        decode(open_envelope(whole, line.team))
    line.erase(person)
    line.collect()
    assert line.keys.erasure.get(person.conversation) is None
    for identity, core, wraps in copies:  # a backup of the desk, the team's private key, and any other erasure key
        with pytest.raises(SealingError):
            recover(ErasureKey.generate(), wraps, context=b"wraps" + identity)
        with pytest.raises(SealingError):
            join(core, wraps)


@pytest.mark.rule("R48")
@pytest.mark.django_db(transaction=True)
def test_no_file_of_the_desk_holds_an_erased_key_or_row(line: Line, person: Person, hand: Hand, tmp_path: Path) -> None:
    key = line.erasure_key(person).raw
    row = line.last(person)
    planted = [key, bytes(row.envelope), bytes(row.core[-80:]), bytes(row.wraps[-80:])]
    assert line.files_with(*planted) != set()
    line.erase(person)
    line.collect()
    assert line.files_with(*planted) == set()


@pytest.mark.rule("R48")
def test_what_arrives_after_the_erasure_is_not_taken(line: Line, person: Person) -> None:
    late = line.seal(person, PersonText("из другого узла"), Kind.MESSAGE)
    line.erase(person)
    line.collect()
    taken = arrivals.take_over([Waiting(99, late, 0.0)], line.keys)
    assert (taken.stored, taken.known) == (0, 1)
    assert line.keys.erasure.get(person.conversation) is None
    assert person.conversation not in {bytes(one) for one in Erased.objects.values_list("digest", flat=True)}


@pytest.mark.rule("R48", "T9")
def test_an_application_and_its_erasure_in_one_batch_leave_nothing(line: Line) -> None:
    someone = line.new_person()
    sealed = [line.seal(someone, someone.facts(), Kind.APPLICATION), line.erasure_notice(someone)]
    batch = [Waiting(seq, one, 0.0) for seq, one in enumerate(sealed)]
    for _ in range(2):
        arrivals.take_over(batch, line.keys)
        assert not Case.objects.exists()
        assert len(line.keys.erasure) == 0


@pytest.mark.rule("R48", "T9")
def test_an_erasure_cut_short_after_the_key_is_finished_by_the_next_try(line: Line, person: Person, hand: Hand) -> None:
    number = line.case(person).number
    line.keys.erasure.destroy(person.conversation)  # killed here: the rows are still there
    with pytest.raises(CaseGone):
        acts.read(hand, number)
    line.erase(person)
    line.collect()
    assert not Case.objects.exists()


@pytest.mark.rule("T13")
def test_nobody_but_the_edge_can_have_a_case_erased(line: Line, person: Person) -> None:
    forged = line.forged_by_someone().erasure_notice(person)
    line.put(person, forged)
    assert line.collect().refused == 1
    assert line.opened(person).facts == person.facts()


def test_the_store_keeps_a_key_and_gives_the_same_one_again(tmp_path: Path) -> None:
    path = tmp_path / "erasure.db"
    with ErasureStore(path) as store:
        made = store.make(FIRST)
        assert store.make_many([FIRST, SECOND, FIRST])[FIRST] == made
    with ErasureStore(path) as again:
        assert again.get(FIRST) == made
        assert len(again) == 2


@pytest.mark.rule("T3")
def test_a_destroyed_key_is_in_no_byte_of_the_store(tmp_path: Path) -> None:
    path = tmp_path / "erasure.db"
    with ErasureStore(path) as store:
        raw = store.make(FIRST).raw
        store.make(SECOND)
        assert raw in path.read_bytes()
        store.destroy(FIRST)
        assert [one.name for one in tmp_path.glob("erasure*")] == ["erasure.db"]
        assert raw not in path.read_bytes()
        assert store.get(FIRST) is None
        assert store.get(SECOND) is not None


@pytest.mark.rule("T3")
def test_the_store_is_nobody_elses_to_read(tmp_path: Path) -> None:
    path = tmp_path / "erasure.db"
    path.touch(mode=0o644)
    with ErasureStore(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_store_that_cannot_be_used_is_refused_with_the_mend(tmp_path: Path) -> None:
    (tmp_path / "erasure.db").write_bytes(b"not a database, and longer than a header of one" * 30)
    with pytest.raises(ErasureStoreRefused, match="restore it together with the desk's database"):
        ErasureStore(tmp_path / "erasure.db")
    with pytest.raises(ErasureStoreRefused, match="must exist"):
        ErasureStore(tmp_path / "nowhere" / "erasure.db")


def test_threads_that_make_the_same_key_agree_on_it(tmp_path: Path) -> None:
    with ErasureStore(tmp_path / "erasure.db") as store, ErasureStore(tmp_path / "erasure.db") as other:
        made: list[ErasureKey] = []
        threads = [threading.Thread(target=lambda one=one: made.append(one.make(FIRST))) for one in (store, other) * 4]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({key.raw for key in made}) == 1


@pytest.mark.rule("T3", "R48")
def test_of_many_destroyed_keys_none_stays_behind_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "erasure.db"
    everyone = [ConversationId(secrets.token_bytes(16)) for _ in range(4000)]
    with ErasureStore(path) as store:
        keys: dict[ConversationId, ErasureKey] = {}
        for at in range(0, len(everyone), 50):  # as they come: batch after batch, at random places of the look-up
            keys |= store.make_many(everyone[at : at + 50])
        gone = everyone[::7]
        for one in gone:
            store.destroy(one)
        assert store.get_many(gone) == {}
        assert len(store.get_many(everyone)) == len(everyone) - len(gone)
        left = path.read_bytes()
    assert [one for one in gone if keys[one].raw in left] == []
