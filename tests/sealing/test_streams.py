# SPDX-License-Identifier: AGPL-3.0-or-later
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.sealing import streams
from safeconduct.sealing.errors import EnvelopeRefused, Malformed, Tampered

KEY = bytes(range(32))


def _closed(plain: bytes, key: bytes = KEY) -> bytes:
    target = io.BytesIO()
    streams.close_stream(key, io.BytesIO(plain), target, purpose=b"test")
    return target.getvalue()


def _opened(closed: bytes, key: bytes = KEY) -> bytes:
    target = io.BytesIO()
    streams.open_stream(key, io.BytesIO(closed), target, purpose=b"test")
    return target.getvalue()


@pytest.mark.parametrize(
    "size", [0, 1, streams.PIECE_BYTES - 1, streams.PIECE_BYTES, streams.PIECE_BYTES + 1, 3 * streams.PIECE_BYTES]
)
def test_a_file_of_any_size_comes_back(size: int) -> None:
    plain = (b"0123456789abcdef" * (size // 16 + 1))[:size]
    assert _opened(_closed(plain)) == plain


@given(st.binary(max_size=200), st.data())
def test_a_flipped_bit_is_refused(plain: bytes, data: st.DataObject) -> None:
    closed = bytearray(_closed(plain))
    at = data.draw(st.integers(0, len(closed) * 8 - 1))
    closed[at // 8] ^= 1 << (at % 8)
    with pytest.raises(EnvelopeRefused):
        _opened(bytes(closed))


def test_dropped_swapped_foreign_and_cut_pieces_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "PIECE_BYTES", 16)
    closed, other = _closed(b"x" * 48), _closed(b"y" * 48)
    head = streams.STREAM_ID_BYTES
    piece = (len(closed) - head) // 3
    first, second, third = (closed[head + n * piece :][:piece] for n in range(3))
    assert _opened(closed[:head] + first + second + third) == b"x" * 48
    for damaged in (
        first + other[head + piece :][:piece] + third,
        first + second,
        second + third,
        first + third,
        second + first + third,
        first + second + second + third,
    ):
        with pytest.raises(Tampered):
            _opened(closed[:head] + damaged)
    with pytest.raises(Malformed):
        _opened(closed[:-5])
    with pytest.raises(Malformed):
        _opened(b"")


def test_another_key_opens_nothing() -> None:
    with pytest.raises(Tampered):
        _opened(_closed(b"words"), bytes(32))
