# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes the labelled pairs (*.tsv) from the hand-written people: people/ to tune by, the other folders to measure."""

from itertools import pairwise
from pathlib import Path

from tests.matching.data.standards import STANDARDS, spelled

HERE = Path(__file__).parent
# Two spellings that each leave out another word have nothing to be told by.
WORDS_LEFT_OUT_VARY = {"es", "fr", "sw"}
HELD_OUT = {
    "held-out": "people_held_out",
    "fresh": "people_fresh",
    "confirmation": "people_confirmation",
    "sealed": "people_sealed",
    "reserved": "people_reserved",
    "examined": "people_examined",
}
HEADER = "half\tsame\tname_a\tname_b\n"


def people(path: Path) -> list[tuple[list[str], list[str]]]:
    """Each line: one person's spellings, and after # other people with names that come close."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        own, _, others = line.partition("#")
        rows.append(([name.strip() for name in own.split("|")], [name.strip() for name in others.split("|")]))
    return rows


def shorter(name: str, than: str) -> bool:
    return len(name.split()) < len(than.split())


def told_by_what_is_left_out(first: str, second: str, near: str) -> bool:
    """The second spelling lacks the word by which the other person differs, so this pair has no true answer: `!`
    says so, and of Slavic order (family, given, father) it is seen when the first two words are the same."""
    return near.startswith("! ") or (shorter(second, first) and near.split()[:2] == first.split()[:2])


def pairs(language: str, half: str, rows: list[tuple[list[str], list[str]]]) -> list[str]:
    lines: dict[str, None] = {}

    def add(*, same: bool, one: str, other: str) -> None:
        if one != other:
            lines[f"{half}\t{int(same)}\t{one}\t{other}\n"] = None

    for number, (spellings, near) in enumerate(rows):
        first = spellings[0]
        standard = [spelled(first, table) for table in STANDARDS.get(language, [])]
        for spelling in [*spellings[1:], *standard]:
            add(same=True, one=first, other=spelling)
        for one, other in pairwise(spellings[1:]):
            if not (language in WORDS_LEFT_OUT_VARY and shorter(one, first) and shorter(other, first)):
                add(same=True, one=one, other=other)
        for other in near:
            add(same=False, one=first, other=other.removeprefix("! "))
            if not told_by_what_is_left_out(first, spellings[1], other):
                add(same=False, one=spellings[1], other=other)
        stranger = rows[(number + 1) % len(rows)][0]
        add(same=False, one=first, other=stranger[1])
        add(same=False, one=spellings[1], other=stranger[0])
    return list(lines)


def main() -> None:
    for path in sorted((HERE / "people").glob("*.txt")):
        lines = pairs(path.stem, "tuning", people(path))
        for half, folder in HELD_OUT.items():
            if (HERE / folder / path.name).exists():
                lines += pairs(path.stem, half, people(HERE / folder / path.name))
        (HERE / f"{path.stem}.tsv").write_text(HEADER + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
