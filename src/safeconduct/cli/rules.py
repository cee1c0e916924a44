# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct rules`: each rule with the tests that hold it, read from the tests' own marks."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from safeconduct.cli.errors import CliError
from safeconduct.vocabulary.rules import CLAIMED, RULES, THREATS

REPOSITORY = Path(__file__).resolve().parents[3]
TABLE = Path("docs/rules.md")

_HEAD = """# The rules and the tests that hold them

Written by `safeconduct rules --write`; CI fails when it is out of date, or when a rule that this release claims has no
test. Rules and threats are those of the domain brief; "later" means that no test carries the number yet.

"""


def tests_by_rule(root: Path) -> dict[str, list[str]]:
    """Every `@pytest.mark.rule("R5", …)` of the tests, a channel's own among them: number → `file::test`, sorted.

    A mark of a whole file (`pytestmark`) is one of each test in it.
    """
    found: dict[str, list[str]] = {}
    for path in sorted([*(root / "tests").rglob("test_*.py"), *(root / "src").glob("**/tests/**/test_*.py")]):
        for name, number in _marks(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(number, []).append(f"{path.relative_to(root).as_posix()}::{name}")
    return found


def _marks(tree: ast.Module) -> Iterator[tuple[str, str]]:
    of_all = {number for node in tree.body for number in _of_file(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            own = {number for decorator in node.decorator_list for number in _numbers(decorator)}
            whole = of_all if node.name.startswith("test_") else set()
            yield from ((node.name, number) for number in sorted(own | whole))


def _of_file(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["pytestmark"]:
        marks = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
        for mark in marks:
            yield from _numbers(mark)


def _numbers(decorator: ast.expr) -> list[str]:
    if not isinstance(decorator, ast.Call) or ast.unparse(decorator.func) != "pytest.mark.rule":
        return []
    return [
        argument.value
        for argument in decorator.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]


def table(found: dict[str, list[str]]) -> str:
    """The whole of docs/rules.md."""
    lines = [_HEAD]
    for title, numbers in (("Rules", RULES), ("Threats", THREATS)):
        lines.append(f"## {title}\n\n| # | what must hold | state | tests |\n| --- | --- | --- | --- |\n")
        for number, sentence in numbers.items():
            tests = "<br>".join(f"`{test.removeprefix('tests/')}`" for test in found.get(number, []))
            state = "claimed" if number in CLAIMED else "in part" if tests else "later"
            lines.append(f"| {number} | {sentence} | {state} | {tests} |\n")
        lines.append("\n")
    return "".join(lines).rstrip("\n") + "\n"


def problems(found: dict[str, list[str]], written: str | None) -> list[str]:
    """What is wrong, one sentence each: a claimed rule without a test, an unknown number, a stale table."""
    known = RULES | THREATS
    said = [f"{number} is claimed and no test holds it" for number in sorted(CLAIMED - found.keys())]
    said += [f"{tests[0]} names {number}, which is no rule" for number, tests in found.items() if number not in known]
    if written != table(found):
        said.append(f"{TABLE} is out of date: run `safeconduct rules --write`")
    return said


def command(
    *,
    write: Annotated[bool, typer.Option("--write", help="Write docs/rules.md.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Fail when a claimed rule has no test.")] = False,
) -> None:
    """List the rules with their tests. Works in a checkout, where the tests are."""
    if not (REPOSITORY / "tests").is_dir():
        raise CliError("the rules are read from the tests; run this in a checkout of the project")
    found = tests_by_rule(REPOSITORY)
    path = REPOSITORY / TABLE
    if write:
        path.write_text(table(found), encoding="utf-8")
    if check:
        wrong = problems(found, path.read_text(encoding="utf-8") if path.exists() else None)
        if wrong:
            raise CliError("; ".join(wrong))
        typer.echo(f"{len(CLAIMED)} rules and threats are claimed; each has a test.")
    if not write and not check:
        typer.echo(table(found))
