# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fellegi-Sunter weights in bits: log2 of how much oftener a likeness is met between one person's records.

Those of names are fitted together, and with the costs of letters, on the tuning half (`python -m bench.matching weights`).
"""

from typing import Final

NAMES: Final[dict[str, dict[str, float]]] = {
    "beside": {
        "0 of 2": 0.7,
        "0 of 3": 2.0,
        "0 of 4": 1.2,
        "1 of 2": 0.4,
        "1 of 3": -0.4,
        "2 of 2": -0.6,
        "2 of 3": -1.7,
    },
    "best": {
        "alike": 0.6,
        "differ": 0.0,
        "ending": 0.0,
        "heard": 0.3,
        "same": 0.3,
        "similar": 1.7,
        "stem": 0.0,
        "vowels": -2.0,
    },
    "extra": {"0": 1.2, "1": 0.1, "2": -2.3},
    "father": {"alike": 0.4, "differ": -5.0, "heard": 0.0, "other": -7.4, "same": 0.0, "similar": 0.0},
    "given": {"given": -0.3},
    "middle": {
        "alike": 0.1,
        "differ": 0.0,
        "ending": -0.5,
        "heard": -0.4,
        "initial": 0.2,
        "other": -0.1,
        "same": -1.1,
        "similar": 0.8,
        "stem": 0.7,
        "vowels": 0.2,
    },
    "worst": {
        "alike": 3.7,
        "differ": -1.3,
        "ending": -0.3,
        "heard": 2.2,
        "initial": 0.8,
        "other": -10.8,
        "same": 4.0,
        "similar": -0.1,
        "stem": 1.6,
        "vowels": 0.2,
    },
    "written": {
        "arabic": 1.1,
        "arabic-arabic": -3.0,
        "arabic-cyrillic": 1.0,
        "arabic-latin": 0.4,
        "cyrillic-cyrillic": -0.6,
        "cyrillic-devanagari": 0.9,
        "cyrillic-latin": 3.0,
        "devanagari-devanagari": -3.8,
        "devanagari-latin": 1.5,
        "eastern": -1.2,
        "english": -0.4,
        "french": -0.7,
        "indian": -0.2,
        "latin-latin": 1.6,
        "plain": 0.3,
        "spanish": 1.4,
        "swahili": -0.3,
        "untold": 0.4,
        "unwritten": 1.4,
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
