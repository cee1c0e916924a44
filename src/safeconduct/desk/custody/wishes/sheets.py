# SPDX-License-Identifier: AGPL-3.0-or-later
"""The information sheet that is read out before somebody is asked what they wish. It says what risks remain (R39).

`sheets/<version>/<language>.txt`, paragraphs apart by an empty line, the first the heading. A version that has been used is
never changed: what was said under it stays valid, and whoever is asked again is asked under the newest.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from safeconduct.vocabulary.languages import LANGUAGES

VERSIONS = ("1",)  # oldest first
IN_FORCE = VERSIONS[-1]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One version in one language."""

    version: str
    language: str
    heading: str
    paragraphs: tuple[str, ...]


@cache
def sheet(language: str, version: str = IN_FORCE) -> Sheet | None:
    """None where that version was not written in that language: then an interpreter reads it out from another."""
    place = files(__package__).joinpath("sheets", version, f"{language}.txt")
    if version not in VERSIONS or language not in LANGUAGES or not place.is_file():
        return None
    heading, *rest = [
        " ".join(part.split()) for part in place.read_text(encoding="utf-8").split("\n\n") if part.strip()
    ]
    return Sheet(version, language, heading, tuple(rest))


def languages(version: str = IN_FORCE) -> tuple[str, ...]:
    """In which of the line's languages it is written."""
    return tuple(tag for tag in LANGUAGES if sheet(tag, version))
