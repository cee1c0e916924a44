# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""Errors are for editors and doors; a person's mistake is a `Problem` in their own language, never an exception."""


class DialogueError(Exception):
    """Base of everything this room raises.

    DialogueError
    ├── ScriptRefused        a script in YAML does not hold together
    └── TextsError
        ├── UnknownLanguage  no catalogue has this tag
        ├── CatalogueRefused a catalogue cannot be read, or lacks what its language needs
        ├── PlaceholderMissing a sentence was asked for without a value that it names
        └── TranslationRefused a translator's file cannot be taken
    """


class ScriptRefused(DialogueError):
    """A script in YAML does not hold together; the text names the step, the field and the mend."""


class TextsError(DialogueError):
    """Something is wrong with the texts of a language."""


class UnknownLanguage(TextsError):
    """No catalogue has this tag."""


class CatalogueRefused(TextsError):
    """A catalogue cannot be read, or lacks what its language needs."""


class TranslationRefused(TextsError):
    """A translator's file cannot be taken; `reasons` are all of them, for the terminal."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = tuple(reasons)


class PlaceholderMissing(TextsError):
    """A sentence was asked for without a value that it names."""
