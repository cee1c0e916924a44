# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fellegi-Sunter weights in bits: log2 of how much oftener a likeness is met between one person's records.

Those of names are fitted together on the tuning half (`python -m bench.matching weights`).
"""

from typing import Final

NAMES: Final[dict[str, dict[str, float]]] = {
    "best": {
        "same": -0.4,
        "alike": 0.3,
        "stem": 0.0,
        "near": -0.7,
        "heard": 0.0,
        "initial": 0.0,
        "slip": 0.0,
        "loose": -0.1,
        "similar": 0.0,
        "vowels": -0.1,
        "ending": -0.1,
        "differ": -0.4,
    },
    "worst": {
        "same": 7.1,
        "alike": 4.2,
        "stem": 3.3,
        "near": 0.2,
        "heard": 1.0,
        "initial": 1.9,
        "slip": -2.5,
        "loose": -3.2,
        "similar": -4.2,
        "vowels": -2.7,
        "ending": 0.9,
        "differ": -7.7,
    },
    "middle": {
        "same": 0.5,
        "alike": 1.4,
        "stem": 1.0,
        "near": 0.3,
        "heard": 0.0,
        "initial": 0.5,
        "slip": -0.2,
        "loose": 0.2,
        "similar": 0.0,
        "vowels": 0.0,
        "ending": 0.0,
        "differ": 1.7,
    },
    "father": {
        "same": 0.0,
        "alike": 0.0,
        "stem": 0.0,
        "near": 0.0,
        "heard": 0.0,
        "initial": 0.0,
        "slip": 0.0,
        "loose": 0.0,
        "similar": 0.0,
        "vowels": 0.0,
        "ending": 0.0,
        "differ": -8.7,
    },
    "extra": {"0": 0.9, "1": -0.8, "2": -1.7},
}
THRESHOLD: Final = -0.5

# What no invented pair can tell is set by hand, from how many values there are and how often papers err.
ONE_WORD_ALONE: Final = -5.0
PRIOR_ODDS: Final = 0.1
BIRTH: Final[dict[str, float]] = {"agree": 8.0, "close": 2.0, "differ": -4.0, "unknown": 0.0}
EXACT: Final[dict[str, dict[str, float]]] = {
    "unit": {"agree": 4.0, "differ": -1.0},
    "service_number": {"agree": 14.0, "differ": -5.0},
}
