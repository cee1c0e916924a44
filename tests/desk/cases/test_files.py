# SPDX-License-Identifier: AGPL-3.0-or-later
"""A person's file at the desk: its rendering is shown on request, and never the file."""

import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pyvips
from django.test import Client
from tests.desk.cases import files
from tests.desk.cases.conftest import Line, Person
from tests.desk.conftest import House

from safeconduct.desk.audit import records
from safeconduct.desk.audit.models import Entry
from safeconduct.desk.cases import file_looks, file_rendering
from safeconduct.desk.cases.file_rendering import Picture, Refused, Voice
from safeconduct.desk.cases.file_words import SENTENCES
from safeconduct.desk.cases.files import opened
from safeconduct.edge.chat.files import FileStore
from safeconduct.vocabulary.records import FileSent


@pytest.fixture(autouse=True)
def nothing_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_looks, "_held", file_looks.Held())


def acts_of(house: House) -> list[tuple[str, str]]:
    opened = [records.open_sealed(bytes(entry.sealed), house.keys["monitor"]) for entry in Entry.objects.order_by("pk")]
    return [(one.act, one.subject) for one in opened if one.act.startswith("cases.file")]


@pytest.mark.rule("R8")
@pytest.mark.parametrize("ending", [".jpg", ".png", ".webp", ".gif", ".tif", ".avif"])
def test_a_picture_is_drawn_anew_without_what_it_said_of_itself(ending: str) -> None:
    shown = files.rendered(files.picture(ending))
    assert isinstance(shown, Picture)
    again = pyvips.Image.new_from_buffer(shown.content, "")
    assert (again.width, again.height) == (320, 240)
    assert not [name for name in again.get_fields() if name.startswith(("exif", "icc", "xmp", "iptc"))]
    assert again.getpoint(10, 10)[0] > 150 > again.getpoint(10, 10)[1]


@pytest.mark.rule("R8")
def test_a_large_picture_becomes_small_and_its_place_of_taking_is_gone() -> None:
    whole = pyvips.Image.new_from_buffer(files.picture(width=5000, height=400), "")
    whole.set_type(pyvips.GValue.gstr_type, "exif-ifd3-GPSLatitude", "48/1 27/1 0/1")
    taken = whole.jpegsave_buffer()
    assert b"Exif" in taken
    shown = files.rendered(taken)
    assert isinstance(shown, Picture)
    assert (shown.width, shown.height) == (2000, 160)
    assert b"Exif" not in shown.content


@pytest.mark.rule("R8")
@pytest.mark.parametrize("ending", sorted(files.VOICES))
def test_a_voice_is_recorded_anew_without_its_title(ending: str) -> None:
    heard = files.rendered(files.voice(ending))
    assert isinstance(heard, Voice)
    assert heard.seconds in {2, 3}
    assert heard.content.startswith(b"OggS")
    assert b"PLANTED" not in heard.content


@pytest.mark.rule("R8")
def test_a_longer_voice_is_cut_after_ten_minutes() -> None:
    heard = files.rendered(files.voice("ogg", seconds=610))
    assert isinstance(heard, Voice)
    assert heard.seconds == 600


@pytest.mark.rule("R8")
def test_an_operator_asks_for_a_picture_and_gets_our_own(line: Line, person: Person, operator: Client) -> None:
    original = files.picture(".png")
    address = files.send(line, person, original)
    case = operator.get(address.split("files/")[0]).content.decode()
    assert f'href="{address}"' in case
    assert "<img" not in case  # nobody is shown it unasked
    assert f'<img src="{address}shown/"' in operator.get(address).content.decode()
    answer = operator.get(f"{address}shown/")
    assert answer.content.startswith(b"\xff\xd8\xff")
    assert original not in answer.content


@pytest.mark.rule("R8", "T12")
def test_what_a_browser_gets_can_do_nothing_and_is_kept_nowhere(line: Line, person: Person, operator: Client) -> None:
    address = files.send(line, person, files.picture(), name="../../<script>.svg", media_type="text/html")
    headers = operator.get(f"{address}shown/").headers
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["Content-Disposition"] == 'inline; filename="picture.jpg"'
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_player_gets_the_part_that_it_asks_for(line: Line, person: Person, operator: Client) -> None:
    address = files.send(line, person, files.voice()) + "shown/"
    whole = operator.get(address).content
    part = operator.get(address, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole)}"
    assert operator.get(address, headers={"Range": f"bytes={len(whole)}-"}).status_code == 200


@pytest.mark.rule("R49")
def test_each_look_is_recorded_once_and_the_refused_one_with_its_reason(
    line: Line, person: Person, operator: Client, house: House
) -> None:
    number = line.case(person).number
    good, bad = files.send(line, person, files.picture()), files.send(line, person, b"%PDF-1.7 ...")
    for address in (good, f"{good}shown/", f"{good}shown/", bad):
        operator.get(address)
    looked = ("cases.file", number)
    assert acts_of(house) == [looked, looked, ("cases.file-refused", f"{number}: pdf")]


@pytest.mark.rule("R8", "T8")
def test_a_document_is_never_opened_and_a_sentence_says_why(line: Line, person: Person, operator: Client) -> None:
    address = files.send(line, person, b"PK\x03\x04 a macro", media_type="image/jpeg", name="фото.jpg")
    page = operator.get(address)
    assert page.status_code == 200
    assert str(SENTENCES["zip"]) in page.content.decode()
    assert operator.get(f"{address}shown/").status_code == 404


def test_htmx_gets_the_picture_alone(line: Line, person: Person, operator: Client) -> None:
    address = files.send(line, person, files.picture())
    part = operator.get(address, headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div class="file">')
    assert "<html" not in part


@pytest.mark.parametrize("harm", ["gone", "altered", "cut", "a pipe", "a link"])
def test_a_file_that_is_not_what_was_sealed_shows_nothing(
    line: Line, person: Person, operator: Client, harm: str
) -> None:
    address = files.send(line, person, files.picture())
    [stored] = files.place(line).iterdir()
    content = stored.read_bytes()
    stored.unlink()
    harms: dict[str, Callable[[], object]] = {
        "gone": lambda: None,
        "altered": lambda: stored.write_bytes(content[:-1] + bytes([content[-1] ^ 1])),
        "cut": lambda: stored.write_bytes(content[:500]),
        "a pipe": lambda: os.mkfifo(stored),
        "a link": lambda: stored.symlink_to(line.home / "desk" / "signing.key"),
    }
    harms[harm]()
    page = operator.get(address)
    assert (page.status_code, str(SENTENCES["gone"]) in page.content.decode()) == (200, True)


def test_no_other_record_is_a_file_and_no_other_case_has_it(line: Line, person: Person, operator: Client) -> None:
    address = files.send(line, person, files.picture())
    text = bytes(line.case(person).envelopes.earliest("pk").envelope).hex()
    other = line.apply_new("?")
    line.collect()
    number = line.case(other).number
    envelope = address.rstrip("/").rpartition("/")[2]
    for wrong in (f"{address.split('files/')[0]}files/{text}/", f"/cases/{number}/files/{envelope}/"):
        assert operator.get(wrong).status_code == 404


async def test_what_the_edge_stores_the_desk_opens(tmp_path: Path) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"a" * 700_000
        yield b"b" * 700_000

    sent = await FileStore(tmp_path, "telegram").take(pieces(), media_type="image/jpeg", name=None)
    with opened(tmp_path, sent) as content:
        assert os.pread(content, 2_000_000, 0) == b"a" * 700_000 + b"b" * 700_000


@pytest.mark.rule("R48")
def test_a_copy_of_the_folder_opens_nothing_after_the_erasure(line: Line, person: Person, operator: Client) -> None:
    address = files.send(line, person, files.picture())
    key = next(item.record.key for item in line.opened(person).items if isinstance(item.record, FileSent))
    line.erase(person)
    line.collect()
    assert len(list(files.place(line).iterdir())) == 1
    assert operator.get(address).status_code == 404
    assert line.files_with(key) == set()


@pytest.mark.rule("R48")
def test_a_rendering_is_not_shown_after_the_erasure(line: Line, person: Person, operator: Client) -> None:
    address = files.send(line, person, files.picture())
    assert operator.get(f"{address}shown/").status_code == 200
    line.erase(person)
    line.collect()
    assert operator.get(f"{address}shown/").status_code == 404


def test_every_reason_has_its_sentence() -> None:
    assert set(SENTENCES) == file_rendering.REASONS | {"gone", "no-sandbox", "busy"}


def test_who_waits_too_long_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_rendering, "PATIENCE_SECONDS", 0.01)
    taken = [file_rendering._places.acquire() for _ in range(file_rendering.AT_ONCE)]
    try:
        assert files.rendered(files.picture()) == Refused("busy")
    finally:
        for _ in taken:
            file_rendering._places.release()
