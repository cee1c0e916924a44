# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct dialogue`: check the scripts."""

import typer

from safeconduct.cli.errors import CliError
from safeconduct.dialogue.checking import complaints
from safeconduct.dialogue.errors import DialogueError
from safeconduct.dialogue.scripts import SCRIPT_NAMES, Script, load
from safeconduct.dialogue.texts import AVAILABLE, texts
from safeconduct.dialogue.words import words
from safeconduct.edge.channels import registry

app = typer.Typer(no_args_is_help=True)


@app.callback()
def dialogue() -> None:
    """Check the scripts."""  # a callback keeps `check` a word of its own when it is the only command


@app.command()
def check() -> None:
    """Fail when a script does not hold together, leads nowhere, lacks a sentence or is too long for a channel."""
    said: list[str] = []
    scripts: dict[str, Script] = {}
    for name in SCRIPT_NAMES:
        try:
            scripts[name] = load(name)
        except DialogueError as error:
            said.append(f"{name}.yaml: {error}")
    said += _of_words()
    limits = {code: facts.text_limit for code, facts in registry.facts_of_all().items()}
    if not said:  # what one broken script says of the others would only confuse
        said += complaints(scripts, [texts(tag) for tag in AVAILABLE], limits=limits)
    if said:
        raise CliError("the scripts are not ready\n  " + "\n  ".join(said))
    typer.echo(f"{len(SCRIPT_NAMES)} scripts hold together: {', '.join(SCRIPT_NAMES)}")


def _of_words() -> list[str]:
    try:
        words()
    except DialogueError as error:
        return [str(error)]
    return []
