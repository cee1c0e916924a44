# SPDX-License-Identifier: AGPL-3.0-or-later
"""Making the prompts of a language: a speaker's recording where there is one, else a synthesiser; only what has changed.

Recordings lie in `<folder>/recorded/<language>/`, each named by the hash of the text that it says (the first twelve
characters are enough; `voice sheet` gives the list). One that names a text which is no longer said is refused.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from safeconduct.speech import sounding, wav
from safeconduct.speech.errors import AudioRefused
from safeconduct.speech.prompts import RATES, Prompts, hash_of, note_of
from safeconduct.speech.sounding import Voice
from safeconduct.speech.wav import Sound
from safeconduct.speech.wording import required

RECORDED = "recorded"
BY_A_SPEAKER = "recorded"  # how the maker of such a prompt begins
SHORTEST_NAME = 12  # characters of a hash: the chance that two sentences share them is nil
LARGEST_RECORDING = 32_000_000  # bytes: a minute and a half of the finest sound


class Maker(Protocol):
    """A voice for prompts. `maker` is written into them: when it changes, they are made anew."""

    maker: str

    def speaks(self, language: str) -> bool: ...

    def voice(self, text: str, language: str) -> Voice | None: ...


@dataclass(frozen=True, slots=True)
class Built:
    """What came of it. `lacking` are texts that nobody says; `refused` are lines for the speaker or editor."""

    made: int
    kept: int
    recorded: int
    removed: int
    lacking: tuple[str, ...]
    refused: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        return not self.lacking and not self.refused


def build(folder: Path, language: str, maker: Maker | None, *, tell: Callable[[], None] = lambda: None) -> Built:
    """Make what lacks or is stale, remove what nobody says any more. `tell` is called after each text."""
    texts = {hash_of(text): text for text in required(language)}
    recordings, refused = _recordings(folder / RECORDED / language, texts)
    prompts, made, recorded, lacking = Prompts(folder), 0, 0, []
    for text_hash, text in texts.items():
        source = _Source(text, text_hash, language, recordings.get(text_hash), maker)
        try:
            made += _renewed(prompts, source)
            recorded += source.recording is not None
        except AudioRefused as error:  # a call would rather hear the machine than nothing
            refused.append(f"{_where(source)}: {error}")
            made += _renewed(prompts, replace(source, recording=None))
        if prompts.maker(text_hash, language) is None:
            lacking.append(text)
        tell()
    kept = len(texts) - made - len(lacking)
    return Built(made, kept, recorded, _prune(folder / language, texts), tuple(lacking), tuple(refused))


def refused_recordings(folder: Path, language: str) -> tuple[str, ...]:
    """A line for each recording below `folder` that says nothing that is said now, or what another says already."""
    return tuple(_recordings(folder / RECORDED / language, {hash_of(text): text for text in required(language)})[1])


def sheet(language: str) -> tuple[tuple[str, str], ...]:
    """For a speaker: the name of each file, and what to say in it."""
    return tuple((f"{hash_of(text)[: SHORTEST_NAME + 4]}.wav", text) for text in required(language))


@dataclass(frozen=True, slots=True)
class _Source:
    text: str
    text_hash: str
    language: str
    recording: Path | None
    maker: Maker | None

    def made_by(self) -> str:
        """Which sound this text should have now; empty when nobody can say it."""
        if self.recording is not None:
            return f"{BY_A_SPEAKER} sha256:{hashlib.sha256(_content(self.recording)).hexdigest()}"
        return self.maker.maker if self.maker is not None and self.maker.speaks(self.language) else ""

    def voice(self) -> Voice | None:
        """The sound; None when nobody can say it. Raises `AudioRefused` for a bad recording."""
        if self.recording is not None:
            read = wav.read_recording(_content(self.recording))
            return Voice.of(sounding.of_recording(read), read.rate)
        return self.maker.voice(self.text, self.language) if self.maker is not None else None


def _where(source: _Source) -> str:
    return f"{RECORDED}/{source.language}/{source.recording.name if source.recording is not None else ''}"


def _renewed(prompts: Prompts, source: _Source) -> bool:
    """Whether the prompt had to be made. A prompt whose maker is gone goes too: it would outlive a withdrawn recording."""
    made_by = source.made_by()
    if prompts.maker(source.text_hash, source.language, is_whole=True) == made_by:
        return False
    voice = source.voice()
    for rate in RATES:
        path = prompts.path(source.text_hash, source.language, rate=rate)
        if voice is None:
            path.unlink(missing_ok=True)
        else:
            _put(path, wav.write(Sound(rate, note_of(source.text_hash, source.language), made_by, voice.pcm(rate))))
    return voice is not None


def _recordings(folder: Path, texts: Mapping[str, str]) -> tuple[dict[str, Path], list[str]]:
    """By the hash of the text that each says, and what cannot be taken."""
    found: dict[str, Path] = {}
    refused = []
    for path in sorted(folder.glob("*.wav")) if folder.is_dir() else ():
        meant = [text_hash for text_hash in texts if _names(path.stem, text_hash)]
        where = f"{RECORDED}/{folder.name}/{path.name}"
        if len(meant) != 1:
            refused.append(f"{where}: no text is said now that has this hash; it must be spoken anew, or taken away")
        elif meant[0] in found:
            refused.append(f"{where}: {found[meant[0]].name} says the same text")
        else:
            found[meant[0]] = path
    return found, refused


def _names(stem: str, text_hash: str) -> bool:
    return len(stem) >= SHORTEST_NAME and text_hash.startswith(stem.lower())


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_RECORDING:
            raise AudioRefused("it is too large for one sentence")
        return path.read_bytes()
    except OSError as error:
        raise AudioRefused("it cannot be read") from error


def _put(path: Path, content: bytes) -> None:
    """Whole or not at all: a call may be reading beside us."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(content)
    fresh.replace(path)


def _prune(folder: Path, texts: Mapping[str, str]) -> int:
    """Remove prompts of texts that are no longer said, and what a broken run left."""
    gone = [path for path in folder.glob("*.*") if path.name.split(".")[0] not in texts or path.suffix == ".new"]
    for path in gone:
        path.unlink()
    return sum(path.suffix == ".wav" for path in gone)
