# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fellegi-Sunter weights in bits: log2 of how much oftener a likeness is met between one person's records."""

from typing import Final

NAMES: Final[dict[str, dict[str, float]]] = {
    "best": dict(same=0.5, alike=0.5, stem=-0.5, heard=-0.5, initial=-3, similar=-2, vowels=-3, ending=-3, differ=-6),
    "worst": dict(same=4, alike=4, stem=1, heard=1, initial=0, similar=-2, vowels=-3, ending=-4, differ=-6),
    "middle": dict(same=1, alike=1, stem=0, heard=0, initial=0, similar=-1, vowels=-2, ending=-3, differ=-4),
    "father": dict(same=2, alike=2, stem=1, heard=1, initial=0.5, similar=-1, vowels=-3, ending=-3, differ=-5),
    "extra": {"0": 0, "1": 0, "2": -0.5},
}
THRESHOLD: Final = 1.0

# What no invented pair can tell is set by hand, from how many values there are and how often papers err.
ONE_WORD_ALONE: Final = -3.0
PRIOR_ODDS: Final = 0.1
BIRTH: Final[dict[str, float]] = {"agree": 8.0, "close": 2.0, "differ": -4.0, "unknown": 0.0}
EXACT: Final[dict[str, dict[str, float]]] = {
    "unit": {"agree": 4.0, "differ": -1.0},
    "service_number": {"agree": 14.0, "differ": -5.0},
}
