# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""None of these holds what was written on a form: only the names of fields, languages and files."""


class PaperError(Exception):
    """Base of everything this room raises.

    PaperError
    ├── WordingMissing   there is no complete catalogue of a language, or too many languages were asked for
    ├── ContentRefused   a field holds what cannot be printed: too long, a control character, of another type
    ├── DoesNotFit       a field is within its limits, but not in the space of its box
    ├── LetterMissing    a letter has no glyph in our fonts
    └── NotSet           the typesetter failed for another reason: a mistake of ours
    """


class WordingMissing(PaperError):
    """There is no complete catalogue of a language, or too many languages were asked for."""


class ContentRefused(PaperError):
    """A field holds what cannot be printed; the text names the field and the reason."""


class DoesNotFit(PaperError):
    """A field cannot be shrunk or wrapped into its box; the text names the field."""


class LetterMissing(PaperError):
    """A letter has no glyph in our fonts; the text names the field and that one letter."""


class NotSet(PaperError):
    """The typesetter failed: a mistake in a template."""
