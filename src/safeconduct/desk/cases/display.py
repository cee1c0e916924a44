# SPDX-License-Identifier: AGPL-3.0-or-later
"""T8: a person's words, letter by letter, and harmless.

Characters that hide, turn or steer text are shown as marks that can be seen. Nothing is dropped: each mark carries the
code point that it stands for, so that the text as it was sent can be read back from the page, to the character.
"""

import json
import unicodedata
from dataclasses import dataclass

import regex

# Everything that a reader would not see: controls, formats, separators, ignorables. Not: line feed and tab, which lay a
# text out; Arabic number signs, which have a shape; the selectors after a pictograph; and the two joiners where a
# script is misspelt without them (marking those would break Hindi, Nepali and Persian words, and families of emoji).
_HIDDEN = regex.compile(
    r"""
    (?: (?<=[\p{Arabic}\p{Devanagari}\p{Bengali}\p{Gurmukhi}\p{Gujarati}\p{Oriya}\p{Tamil}\p{Telugu}\p{Kannada}
             \p{Malayalam}\p{Sinhala}\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])[\u200C\u200D](*SKIP)(*FAIL)
      | (?<=[\p{Emoji}])[\uFE0E\uFE0F](*SKIP)(*FAIL)
      | [\n\t](*SKIP)(*FAIL)
      | \p{Prepended_Concatenation_Mark}(*SKIP)(*FAIL)
      | ([\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\uFFFC\u2800])\1*
    )
    """,
    regex.VERBOSE | regex.V1,
)

# The names that people who read about such tricks know.
_SHORT = {
    0x00AD: "SHY",
    0x034F: "CGJ",
    0x061C: "ALM",
    0x180E: "MVS",
    0x200B: "ZWSP",
    0x200C: "ZWNJ",
    0x200D: "ZWJ",
    0x200E: "LRM",
    0x200F: "RLM",
    0x2028: "LS",
    0x2029: "PS",
    0x202A: "LRE",
    0x202B: "RLE",
    0x202C: "PDF",
    0x202D: "LRO",
    0x202E: "RLO",
    0x2060: "WJ",
    0x2066: "LRI",
    0x2067: "RLI",
    0x2068: "FSI",
    0x2069: "PDI",
    0xFEFF: "BOM",
}
_C0 = (
    *("NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR", "SO", "SI"),
    *("DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US"),
)
_SHORT |= dict(enumerate(_C0)) | {0x7F: "DEL"}  # by name: few fonts draw U+2400 and its neighbours


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text. `mark` is what stands on the page instead of it, if it would not be seen."""

    raw: str
    mark: str = ""

    @property
    def points(self) -> str:
        """The code points behind a mark, as `202E` or, for a run of the same, `200B*12`."""
        times = f"*{len(self.raw)}" if len(self.raw) > 1 else ""
        return f"{ord(self.raw[0]):04X}{times}"

    @property
    def name(self) -> str:
        return unicodedata.name(self.raw[0], f"U+{ord(self.raw[0]):04X}")


def pieces(text: str) -> list[Piece]:
    """The text cut into what can be shown as it is and what must be marked. Joining every `raw` gives the text."""
    found, end = [], 0
    for match in _HIDDEN.finditer(text):
        if match.start() > end:
            found.append(Piece(text[end : match.start()]))
        found.append(Piece(match.group(), _mark(match.group())))
        end = match.end()
    if end < len(text):
        found.append(Piece(text[end:]))
    return found


def is_plain(text: str) -> bool:
    """Whether nothing in it needs a mark."""
    return _HIDDEN.search(text) is None


def exact(text: str) -> str:
    """The text in ASCII, as JSON: what can be quoted to a colleague without carrying the trick along."""
    return json.dumps(text)


def _mark(run: str) -> str:
    name = _SHORT.get(ord(run[0]), f"U+{ord(run[0]):04X}")
    return f"⟦{name}×{len(run)}⟧" if len(run) > 1 else f"⟦{name}⟧"
