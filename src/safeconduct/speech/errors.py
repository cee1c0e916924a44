# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""Errors are for editors and for whoever runs the line. None of them holds what an operator wrote."""


class SpeechError(Exception):
    """Base of everything this room raises.

    SpeechError
    ├── AudioRefused     a sound file cannot be taken
    └── NoSynthesiser    no program on this machine can speak
    """


class AudioRefused(SpeechError):
    """A sound file is broken, too large, of another kind, or says another text than it should."""


class NoSynthesiser(SpeechError):
    """No program on this machine can speak; the text says how to get one."""
