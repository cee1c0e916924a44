# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct keys`: the key ceremony. docs/install.md tells in which order, and where each key may lie."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

from safeconduct.cli import ceremony
from safeconduct.cli.errors import CliError
from safeconduct.cli.places import places
from safeconduct.edge.channels import registry
from safeconduct.vocabulary.channels import CHANNELS

app = typer.Typer(no_args_is_help=True)


@app.command("doors")
def doors() -> None:
    """Make both doors' secrets in SAFECONDUCT_CREDENTIALS, which must lie outside SAFECONDUCT_HOME."""
    here = places()
    if here.credentials.is_relative_to(here.home):
        raise CliError(
            "set SAFECONDUCT_CREDENTIALS to a folder outside SAFECONDUCT_HOME: a copied disk must not hold both"
        )
    ceremony.make_doors(here.credentials)
    typer.echo(f"Made. Copy {here.credentials} to an offline disk now.")
    typer.echo("A second edge gets edge/, channels/, doors.json and root.json alone: never desk/.")


@app.command("channel")
def channel(code: Annotated[str, typer.Argument(help="The channel's code, such as telegram.")]) -> None:
    """Make the key that a channel's replies are sealed to, and the key of all chats' addresses if there is none."""
    if code not in CHANNELS:
        raise CliError(f"there is no channel {code}; there are {', '.join(CHANNELS)}")
    here = places().credentials
    ceremony.make_channel(here, code)
    typer.echo(f"Made channels/{code}/delivery.key, and named its public half in delivery.json.")
    typer.echo("Next:")
    typer.echo(f"  1  Write {here}/channels/{code}.toml: see {registry.readme(code)}.")
    typer.echo(
        "  2  Copy delivery.json to the desk's credentials, if the desk has its own, and restart the desk:\n"
        "     it answers into the chat from then on."
    )
    typer.echo(
        f"  3  Copy edge/route.key and channels/{code}/ to the offline disk of the ceremony. Neither belongs on the desk."
    )


@app.command("signer")
def signer(path: Annotated[Path, typer.Argument(help="Where the secret half is written; keep it offline.")]) -> None:
    """Make a publisher's or a reviewer's own key. The public half goes beside it, ending in .pub."""
    public = ceremony.make_signer(path)
    typer.echo(f"Made {path} and {path.with_suffix('.pub')}. Public key: {public.raw.hex()}")


@app.command("root")
def root(
    publishers: Annotated[list[Path], typer.Option("--publisher", help="A publisher's .pub; name each.")],
    reviewers: Annotated[list[Path], typer.Option("--reviewer", help="A reviewer's .pub; name each.")],
    threshold: Annotated[int, typer.Option(help="How many of each must sign.", min=2)] = 2,
    days: Annotated[int, typer.Option(help="For how long it holds.", min=1, max=730)] = 365,
) -> None:
    """Make the trust anchor by which every edge believes the board."""
    ceremony.make_anchor(
        places().credentials,
        publishers=[ceremony.read_verify_key(path) for path in publishers],
        reviewers=[ceremony.read_verify_key(path) for path in reviewers],
        threshold=threshold,
        expires=datetime.now(UTC).replace(microsecond=0) + timedelta(days=days),
    )
    typer.echo("Made root.json. Copy it to every edge of this line.")


@app.command("team")
def team(
    code: Annotated[str, typer.Argument(help="monitor (first of all), intake or handover.")],
    new_member: Annotated[str, typer.Option("--new-member", help="The name of the first member, who is added here.")],
) -> None:
    """Make a team's key, wrapped to its first member alone. The passphrase and the code are shown once."""
    _founding().found(code, new_member)


@app.command("shares")
def shares(
    code: Annotated[str, typer.Argument(help="The team.")],
    of: Annotated[int, typer.Option("--of", help="How many shares are made.", min=2, max=16)],
    need: Annotated[int, typer.Option("--need", help="How many of them give the key back.", min=2, max=16)],
    member: Annotated[
        str, typer.Option("--member", help="Who holds the key, and types their passphrase.", prompt=True)
    ],
) -> None:
    """Show recovery shares of a team's newest key, each once, each to its keeper. They are stored nowhere."""
    _of_the_desk("shares").make(code, need=need, of=of, member=member, ask=_hidden)


@app.command("recover")
def recover(
    code: Annotated[str, typer.Argument(help="The team whose key nobody can open any more.")],
    member: Annotated[str, typer.Option("--member", help="Who is let in; a new name is added.")],
) -> None:
    """Let somebody in to a team with enough of its recovery shares, typed one after the other."""
    _of_the_desk("shares").recover(code, member=member, ask=_hidden)


@app.command("administrator")
def administrator(name: Annotated[str, typer.Argument(help="The first administrator's name.")]) -> None:
    """Add an administrator, who adds everyone else in the desk and sees no content."""
    _founding().add_administrator(name)


def _hidden(what: str) -> str:
    answer: str = typer.prompt(what, default="", show_default=False, hide_input=True)
    return answer


def _founding() -> ModuleType:
    return _of_the_desk("founding")


def _of_the_desk(name: str) -> ModuleType:
    # Imported late: signers' machines have no desk, and models can be imported only after Django has started.
    import_module("safeconduct.cli.django_start").start()
    return import_module(f"safeconduct.cli.{name}")
