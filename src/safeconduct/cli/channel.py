# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct channel`: which channels there are, and the process that runs one."""

import asyncio
import os
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from safeconduct.cli.errors import CliError
from safeconduct.cli.places import places
from safeconduct.edge.channels import registry
from safeconduct.edge.channels.errors import ChannelError, ChannelSpent
from safeconduct.edge.channels.reach import Reach
from safeconduct.edge.chat import strangers, webhooks
from safeconduct.edge.chat.run import line_of
from safeconduct.edge.chat.worker import Worker
from safeconduct.edge.crew import hands_beside_this_process
from safeconduct.edge.errors import EdgeError
from safeconduct.edge.quieting import quiet
from safeconduct.spool.errors import SpoolError

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_channels() -> None:
    """Which channels there are, and which have their settings here."""
    here = places()
    table = Table("channel", "settings", "provider reads", "deletes", "files")
    for code, facts in registry.facts_of_all().items():
        has = (here.credentials / "channels" / f"{code}.toml").exists()
        deletes = "both sides" if facts.deletes_theirs else "its own" if facts.deletes_own else "nothing"
        reads = "no" if facts.is_end_to_end else "yes"
        table.add_row(code, "yes" if has else "no", reads, deletes, "yes" if facts.takes_files else "no")
    Console(width=100).print(table)


@app.command()
def run(
    code: str,
    *,
    demonstration: Annotated[
        bool,
        typer.Option("--demonstration", envvar="SAFECONDUCT_DEMONSTRATION", help="Accept a demonstration's keys."),
    ] = False,
) -> None:
    """Run one channel until it is told to stop. Several may be started: one owns the channel, the others wait."""
    quiet(strangers.QUOTING)
    try:
        asyncio.run(_run(code, demonstration=demonstration), debug=False)  # debugging writes down what is in memory
    except (EdgeError, ChannelError, SpoolError) as error:
        raise CliError(str(error)) from error
    except ExceptionGroup as errors:
        if errors.subgroup(ChannelSpent) is None:
            raise
        raise CliError(f"channel {code}: only a new process can go on; start it again if nothing else does") from None


async def _run(code: str, *, demonstration: bool) -> None:
    reach = Reach()
    channel = registry.make(code, places().credentials / "channels" / f"{code}.toml", reach)
    async with line_of(
        os.environ, channel, registry.facts(code), demonstration=demonstration, hands=hands_beside_this_process()
    ) as line:
        await webhooks.serve(os.environ, Worker(line), code)
