# SPDX-License-Identifier: AGPL-3.0-or-later
"""T8: files that are made to do harm. Each ends as a picture, a sound or a reason; nothing else, and soon."""

import dataclasses
import json
import random
import struct
import textwrap
import time
import zlib

import pytest
import pyvips
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.desk.cases import files

from safeconduct.desk.cases import file_rendering, sandbox
from safeconduct.desk.cases.file_rendering import Picture, Refused, Voice
from safeconduct.desk.cases.rendering.kinds import DOCUMENTS, PICTURES, VOICES, kind_of

pytestmark = pytest.mark.rule("T8")
KINDS = PICTURES | VOICES | DOCUMENTS | {"unknown"}
SOON = 20  # seconds
SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int, height: int, *chunks: bytes, data: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = chunk(b"IDAT", data or zlib.compress(bytes((width + 1) * height), 9))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + rows + chunk(b"IEND", b"")


def gif_of(side: int) -> bytes:
    return (
        b"GIF89a"
        + struct.pack("<HHBBB", side, side, 0x80, 0, 0)
        + bytes(6)
        + b"\x2c"
        + struct.pack("<HHHHB", 0, 0, side, side, 0)
        + b"\x02\x02\x44\x01\x00\x3b"
    )


@pytest.mark.parametrize(
    "bomb",
    [png(40_000, 40_000, data=b"x"), gif_of(65_535)],
    ids=["png", "gif"],
)
def test_a_picture_of_too_many_points_is_refused_before_it_is_decoded(bomb: bytes) -> None:
    began = time.monotonic()
    assert files.rendered(bomb) == Refused("too-large")
    assert time.monotonic() - began < 5


def test_a_hundred_million_points_in_a_hundred_kilobytes_take_no_more_than_their_share() -> None:
    bomb = png(10_000, 10_000)
    assert len(bomb) < 200_000
    shown = files.rendered(bomb)
    assert isinstance(shown, Picture)
    assert (shown.width, shown.height) == (2000, 2000)


@pytest.mark.parametrize("name", [b"zTXt", b"iCCP"])
def test_what_inflates_beside_the_picture_is_not_inflated(name: bytes) -> None:
    bomb = chunk(name, b"x\0\0" + zlib.compress(bytes(300 << 20), 9))
    began = time.monotonic()
    shown = files.rendered(png(8, 8, bomb))
    assert isinstance(shown, Picture) or shown == Refused("broken")
    assert time.monotonic() - began < SOON


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (SCRIPT, "markup"),
        (b'\xef\xbb\xbf\n<?xml version="1.0"?>' + SCRIPT, "markup"),
        (b"\xff\xd8\xff\xe0" + SCRIPT, "broken"),
        (b"\x89PNG\r\n\x1a\n" + SCRIPT, "broken"),
        (b"push graphic-context\nimage over 0,0 0,0 'ephemeral:/etc/passwd'", "unknown"),
        (b"%!PS\n(/etc/passwd) run", "unknown"),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "unknown"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "unknown"),
        (b"ID3#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "broken"),
        (b"OggS" + bytes(200), "broken"),
        (b"GIF89a=1;alert(1)//" + bytes(50), "broken"),
        (b"\0\0\0\x18ftypheic" + bytes(40), "heif"),
        (b"MZ" + bytes(60), "program"),
        (b"", "unknown"),
    ],
)
def test_what_pretends_to_be_a_picture_or_a_sound_is_refused(content: bytes, reason: str) -> None:
    assert files.rendered(content) == Refused(reason)


@pytest.mark.parametrize("ending", [".jpg", ".png", ".gif"])
def test_of_a_picture_that_is_something_else_too_only_the_picture_is_left(ending: str) -> None:
    shown = files.rendered(files.picture(ending) + b"PK\x03\x04" + SCRIPT)
    assert isinstance(shown, Picture)
    assert b"PK\x03\x04" not in shown.content
    assert b"script" not in shown.content


@pytest.mark.parametrize("ending", [".jpg", ".png", ".webp", ".avif"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_half_a_picture_is_a_picture_or_a_reason(ending: str, share: float) -> None:
    whole = files.picture(ending)
    shown = files.rendered(whole[: int(len(whole) * share)])
    assert isinstance(shown, Picture) or shown.reason in {"broken", "heif"}  # type: ignore[union-attr]


WHOLE = {
    **{ending: files.picture(ending, 64, 48) for ending in (".jpg", ".png", ".webp", ".gif", ".tif", ".avif")},
    **{ending: files.voice(ending, 1) for ending in ("ogg", "mp3", "m4a")},
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ending=st.sampled_from(sorted(WHOLE)), seed=st.integers(0, 2**32), harm=st.integers(1, 40))
def test_no_mutation_gives_anything_but_a_rendering_or_a_reason(ending: str, seed: int, harm: int) -> None:
    shown = files.rendered(mutated(WHOLE[ending], seed, harm))
    assert isinstance(shown, (Picture, Voice)) or shown.reason in file_rendering.REASONS


def mutated(whole: bytes, seed: int, harm: int) -> bytes:
    chance, content = random.Random(seed), bytearray(whole)
    for _ in range(harm):
        content[chance.randrange(len(content))] = chance.choice((0, 1, 127, 128, 255, chance.randrange(256)))
    return bytes(content[: chance.randrange(len(content))] if chance.random() < 0.2 else content)


@pytest.mark.slow
@pytest.mark.parametrize("ending", [".jpg", ".png", ".webp", ".gif", ".tif", ".avif"])
def test_a_decoder_stands_five_hundred_mutations_in_one_life(ending: str) -> None:
    script = """
        import json, os, random
        from safeconduct.desk.cases.rendering import pictures
        from safeconduct.desk.cases.rendering.__main__ import limit_oneself
        limit_oneself()
        pictures.shut_loaders()
        told = {"shown": 0, "refused": 0}
        for content in json.loads(os.pread(0, os.fstat(0).st_size, 0)):
            try:
                assert pictures.pixels_of(bytes.fromhex(content)).startswith(b"P6")
                told["shown"] += 1
            except pictures.Unreadable:
                told["refused"] += 1
        print(json.dumps(told))
    """
    program = dataclasses.replace(
        sandbox.renderer("look"), start=(sandbox._interpreter(), "-S", "-s", "-c", textwrap.dedent(script))
    )
    chance = random.Random(ending)
    mutations = [mutated(WHOLE[ending], chance.randrange(2**32), chance.randint(1, 40)).hex() for _ in range(500)]
    with sandbox.memory("mutations") as descriptor, open(descriptor, "wb", closefd=False) as target:
        target.write(json.dumps(mutations).encode())
        target.flush()
        told = json.loads(sandbox.run_program(program, descriptor))
    assert sum(told.values()) == 500


def test_no_loader_is_left_open_but_those_of_pictures() -> None:
    script = """
        import json, pyvips
        from safeconduct.desk.cases.rendering import pictures
        def loads(content):
            try:
                return pyvips.Image.new_from_buffer(content, "").width
            except pyvips.Error:
                return 0
        others = [b"<svg xmlns='http://www.w3.org/2000/svg' width='4' height='4'/>"]
        before = [loads(one) for one in others]
        pictures.shut_loaders()
        print(json.dumps([before, [loads(one) for one in others]]))
    """
    program = dataclasses.replace(
        sandbox.renderer("look"), start=(sandbox._interpreter(), "-S", "-s", "-c", textwrap.dedent(script))
    )
    with sandbox.memory("nothing") as nothing:
        assert json.loads(sandbox.run_program(program, nothing)) == [[4], [0]]


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.binary(max_size=200).map(lambda rest: b"P6\n2 2\n255\n" + rest),
        st.from_regex(rb"\AP6\n[0-9]{1,6} [0-9]{1,6}\n255\n.{0,40}\Z"),
        st.from_regex(rb"\Arefused\n.{0,30}\Z"),
        st.binary(max_size=100).map(lambda rest: b"RIFF" + rest),
    )
)
def test_whatever_a_stolen_renderer_says_is_read_strictly(said: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file_rendering, "_made", lambda task, _plain: {"jpeg": b"\xff\xd8\xff", "opus": b"OggS"}[task])
        shown = file_rendering._rendered(said)
    if isinstance(shown, Picture):
        assert len(said) == len(f"P6\n{shown.width} {shown.height}\n255\n") + 3 * shown.width * shown.height
    else:
        assert isinstance(shown, Voice) or shown.reason in file_rendering.REASONS


@given(st.binary(max_size=64))
def test_every_beginning_has_a_kind(head: bytes) -> None:
    assert kind_of(head) in KINDS


def test_a_picture_that_lies_on_its_side_is_turned_upright() -> None:
    lying = pyvips.Image.new_from_buffer(files.picture(width=320, height=240), "")
    lying.set_type(pyvips.GValue.gint_type, "orientation", 6)
    shown = files.rendered(lying.jpegsave_buffer())
    assert isinstance(shown, Picture)
    assert (shown.width, shown.height) == (240, 320)
