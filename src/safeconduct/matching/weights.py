# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fellegi-Sunter weights in bits: log2 of how much oftener a likeness is met between one person's records."""

from typing import Final

NAMES: Final[dict[str, dict[str, float]]] = {
    "best": {
        "same": 0.1,
        "alike": -1.7,
        "stem": 0.0,
        "heard": -0.2,
        "initial": 0.0,
        "similar": 0.0,
        "vowels": -4.4,
        "ending": -2.3,
        "differ": -3.7,
    },
    "worst": {
        "same": 6.8,
        "alike": 5.4,
        "stem": 5.7,
        "heard": 2.6,
        "initial": 2.7,
        "similar": -3.7,
        "vowels": -2.3,
        "ending": 1.9,
        "differ": -7.4,
    },
    "middle": {
        "same": 0.8,
        "alike": -1.9,
        "stem": 0.0,
        "heard": 0.0,
        "initial": 0.0,
        "similar": 0.0,
        "vowels": 0.0,
        "ending": 0.0,
        "differ": 0.0,
    },
    "father": {
        "same": 3.1,
        "alike": 1.9,
        "stem": 0.0,
        "heard": 0.1,
        "initial": 0.0,
        "similar": 0.0,
        "vowels": 0.0,
        "ending": 0.0,
        "differ": -5.3,
    },
    "extra": {"0": -0.1, "1": 2.5, "2": 0.0},
}
THRESHOLD: Final = 1.7

# What no invented pair can tell is set by hand, from how many values there are and how often papers err.
ONE_WORD_ALONE: Final = -3.0
PRIOR_ODDS: Final = 0.1
BIRTH: Final[dict[str, float]] = {"agree": 8.0, "close": 2.0, "differ": -4.0, "unknown": 0.0}
EXACT: Final[dict[str, dict[str, float]]] = {
    "unit": {"agree": 4.0, "differ": -1.0},
    "service_number": {"agree": 14.0, "differ": -5.0},
}
