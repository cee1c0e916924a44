# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct dialogue`: check the scripts."""

import typer

from safeconduct.cli.errors import CliError
from safeconduct.dialogue.errors import DialogueError
from safeconduct.dialogue.scripts import SCRIPT_NAMES, load, msgids
from safeconduct.dialogue.texts import AVAILABLE, texts
from safeconduct.dialogue.words import words

app = typer.Typer(no_args_is_help=True)


@app.callback()
def dialogue() -> None:
    """Check the scripts."""  # a callback keeps `check` a word of its own when it is the only command


@app.command()
def check() -> None:
    """Fail when a script does not hold together, or says a sentence that a language does not have."""
    said: list[str] = []
    for name in SCRIPT_NAMES:
        try:
            said += _unsaid(name)
        except DialogueError as error:
            said.append(str(error))
    if said:
        raise CliError("the scripts are not ready\n  " + "\n  ".join(said))
    typer.echo(f"{len(SCRIPT_NAMES)} scripts hold together: {', '.join(SCRIPT_NAMES)}")


def _unsaid(name: str) -> list[str]:
    words()
    needed = set(msgids(load(name)))
    missing = {tag: needed & set(texts(tag).missing) for tag in AVAILABLE}
    return [f"{name}: {len(lacking)} sentences are missing in {tag}" for tag, lacking in missing.items() if lacking]
