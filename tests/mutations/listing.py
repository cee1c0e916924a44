# SPDX-License-Identifier: AGPL-3.0-or-later
"""The kept list of mutations: for each rule of custody one change of the code that breaks it, and the tests that must notice."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src"
_LIST = Path(__file__).parent / "mutations.toml"


@dataclass(frozen=True, slots=True)
class Mutation:
    """`old` stands once in `file` (below src/) and becomes `new`. `breaks` says what a person would suffer."""

    rule: str
    breaks: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    @property
    def is_custodys(self) -> bool:
        """Whether its tests run in the other house; those of one mutation all run in the same."""
        return all(test.startswith("tests/custody/") for test in self.tests)

    def applied_to(self, text: str) -> str:
        """Raises `ValueError` when the code has moved on and the list has not."""
        if text.count(self.old) != 1:
            raise ValueError(f"{self.rule}: {self.file} holds {self.old!r} {text.count(self.old)} times, not once")
        return text.replace(self.old, self.new)


def mutations() -> list[Mutation]:
    """In the order of the rules."""
    told = tomllib.loads(_LIST.read_text(encoding="utf-8"))["mutation"]
    found = [Mutation(**{**one, "tests": tuple(one["tests"])}) for one in told]
    return sorted(found, key=lambda one: int(one.rule.removeprefix("R")))
