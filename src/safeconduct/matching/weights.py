# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fellegi-Sunter weights in bits: log2 of how much oftener a likeness is met between one person's records.

Those of names are fitted together, and with the costs of letters, on the tuning half (`python -m bench.matching weights`).
"""

from typing import Final

NAMES: Final[dict[str, dict[str, float]]] = {
    "beside": {
        "0 of 2": 0.3,
        "0 of 3": 1.7,
        "0 of 4": 1.4,
        "1 of 2": -0.5,
        "1 of 3": 0.9,
        "2 of 2": -0.8,
        "2 of 3": -1.7,
    },
    "best": {
        "alike": 0.8,
        "differ": -0.5,
        "ending": -0.2,
        "heard": 1.6,
        "other": 0.0,
        "same": 0.4,
        "similar": 1.9,
        "stem": 0.2,
        "vowels": -0.5,
    },
    "extra": {"0": 1.4, "1": 0.4, "2": -2.5},
    "father": {"alike": 0.0, "differ": -6.3, "heard": 0.0, "other": -7.8, "same": 0.0, "similar": 0.0},
    "given": {"given": -0.7},
    "middle": {
        "alike": 0.5,
        "differ": 1.3,
        "ending": -0.9,
        "heard": 0.9,
        "initial": 0.2,
        "other": -0.6,
        "same": -1.1,
        "similar": 1.8,
        "stem": 0.2,
        "vowels": 0.8,
    },
    "worst": {
        "alike": 3.3,
        "differ": -1.1,
        "ending": 0.0,
        "heard": 1.9,
        "initial": -0.2,
        "other": -9.1,
        "same": 5.0,
        "similar": 0.3,
        "stem": 1.6,
        "vowels": 0.4,
    },
    "written": {
        "arabic": 2.3,
        "arabic-arabic": -6.1,
        "arabic-cyrillic": 0.7,
        "arabic-latin": 0.6,
        "cyrillic-cyrillic": 0.9,
        "cyrillic-devanagari": 0.3,
        "cyrillic-latin": 2.3,
        "devanagari-devanagari": -3.2,
        "devanagari-latin": 1.3,
        "eastern": -2.0,
        "english": 0.3,
        "french": -0.4,
        "indian": 1.0,
        "latin-latin": 1.4,
        "plain": -0.1,
        "spanish": 1.5,
        "swahili": -0.1,
        "untold": 0.2,
        "unwritten": 0.8,
    },
}
OTHER_WORDS: Final = 0.3  # how much letters count in other words than the worst
THRESHOLD: Final = -0.5

# What no invented pair can tell is set by hand, from how many values there are and how often papers err.
ONE_WORD_ALONE: Final = -5.0
PRIOR_ODDS: Final = 0.1
BIRTH: Final[dict[str, float]] = {"agree": 8.0, "close": 2.0, "differ": -4.0, "unknown": 0.0}
EXACT: Final[dict[str, dict[str, float]]] = {
    "unit": {"agree": 4.0, "differ": -1.0},
    "service_number": {"agree": 14.0, "differ": -5.0},
}
