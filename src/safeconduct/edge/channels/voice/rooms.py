# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calls that hear each other. Nothing of what is said is kept for longer than it takes to pass it on."""

from array import array
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from baresip import AudioNotActive, AudioRestarted

from safeconduct.edge.channels.voice.audio_path import Pacer, Path
from safeconduct.edge.channels.voice.engine import PIECE_SECONDS, SAMPLE_BYTES
from safeconduct.edge.channels.voice.rates import at, samples

_LATE_SECONDS = 0.1  # what a listener's buffer may hold before a piece is left out
_KEPT_PIECES = 4  # of each speaker, while the others' clocks go on
_LOUDEST, _LOWEST = 32767, -32768


@dataclass(slots=True)
class _Member:
    path: Path
    speaks: bool
    said: deque[bytes] = field(default_factory=lambda: deque(maxlen=_KEPT_PIECES))


class MixingRoom:
    """A room of paths; it is moved by the pacer while somebody is in it."""

    def __init__(self, pacer: Pacer) -> None:
        self._pacer = pacer
        self._members: dict[Path, _Member] = {}
        self._told: deque[tuple[bytes, int]] = deque()

    def enter(self, path: Path, *, speaks: bool) -> None:
        if path in self._members:
            self._members[path].speaks = speaks
            return
        if isinstance(path.room, MixingRoom):
            path.room.go(path)
        path.room = self
        self._members[path] = _Member(path, speaks)
        self._pacer.add(self)

    def go(self, path: Path) -> None:
        if self._members.pop(path, None) is not None:
            path.room = None
        if not self._members:
            self._pacer.drop(self)
            self._told.clear()

    def tell(self, pcm: bytes, rate: int) -> None:
        size = int(rate * PIECE_SECONDS) * SAMPLE_BYTES
        pieces = (pcm[start : start + size] for start in range(0, len(pcm), size))
        if self._members:
            self._told.extend((piece.ljust(size, b"\0"), rate) for piece in pieces)

    def tick(self) -> None:
        """One piece from each who speaks, mixed for each who hears."""
        said = {path: piece for path in self._members if (piece := self._next_said(path)) is not None}
        told = self._told.popleft() if self._told else None
        for path in self._members:
            heard = [at(piece, other.rate, path.rate) for other, piece in said.items() if other is not path]
            if told is not None:
                heard.append(at(*told, path.rate))
            if (own := path.next_told()) is not None:
                heard.append(own)
            if heard:
                path.write(mixed(heard), most=_LATE_SECONDS)

    def _next_said(self, path: Path) -> bytes | None:
        member = self._members[path]
        try:
            member.said.extend(path.hear())
        except (AudioNotActive, AudioRestarted):
            return None
        if not member.said:
            return None
        piece = member.said.popleft()
        return piece if member.speaks else None


def mixed(pieces: Sequence[bytes]) -> bytes:
    """All at once, each as loud as it is; what is too loud for 16 bits is cut."""
    if len(pieces) == 1:
        return pieces[0]
    sums: Iterable[int] = map(sum, zip(*map(samples, pieces), strict=False))
    return array("h", [min(max(one, _LOWEST), _LOUDEST) for one in sums]).tobytes()
