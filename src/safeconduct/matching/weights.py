# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fellegi-Sunter weights in bits: log2 of how much oftener a likeness is met between one person's records.

Those of names are fitted together, and with the costs of letters, on the tuning half (`python -m bench.matching weights`).
"""

from typing import Final

NAMES: Final[dict[str, dict[str, float]]] = {
    "beside": {
        "0 of 2": 0.6,
        "0 of 3": 1.9,
        "0 of 4": 0.9,
        "1 of 2": 0.4,
        "1 of 3": -0.3,
        "2 of 2": -0.5,
        "2 of 3": -1.7,
    },
    "best": {
        "alike": 0.7,
        "differ": 0.0,
        "ending": -0.1,
        "heard": 1.6,
        "same": 0.4,
        "similar": 1.8,
        "stem": 0.0,
        "vowels": -1.7,
    },
    "extra": {"0": 1.6, "1": 0.2, "2": -2.3},
    "father": {
        "alike": 0.3,
        "differ": -5.5,
        "heard": 0.0,
        "other": -8.0,
        "same": 0.0,
        "similar": 0.0,
    },
    "given": {"given": -0.3},
    "middle": {
        "alike": 0.3,
        "differ": 1.1,
        "ending": -0.5,
        "heard": 0.3,
        "initial": 0.1,
        "other": 0.0,
        "same": -1.0,
        "similar": 0.4,
        "stem": 0.1,
        "vowels": -1.2,
    },
    "worst": {
        "alike": 3.6,
        "differ": -1.2,
        "ending": -0.8,
        "heard": 1.7,
        "initial": 0.9,
        "other": -9.5,
        "same": 4.8,
        "similar": -0.1,
        "stem": 1.2,
        "vowels": 0.2,
    },
    "written": {
        "arabic": 1.2,
        "arabic-arabic": -3.3,
        "arabic-cyrillic": 1.0,
        "arabic-latin": 0.4,
        "cyrillic-cyrillic": -0.5,
        "cyrillic-devanagari": -0.1,
        "cyrillic-latin": 2.7,
        "devanagari-devanagari": -3.2,
        "devanagari-latin": 1.1,
        "eastern": -2.2,
        "english": -0.3,
        "french": -0.5,
        "indian": -0.1,
        "latin-latin": 1.3,
        "plain": 0.4,
        "spanish": 1.7,
        "swahili": -0.1,
        "untold": 0.2,
        "unwritten": 1.3,
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
