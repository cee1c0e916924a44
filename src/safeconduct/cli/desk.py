# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct desk`: the operators' door and its two workers; `desk manage …` is Django's own."""

import asyncio
from typing import Annotated

import typer

from safeconduct.cli import django_start

app = typer.Typer(no_args_is_help=True)

Demonstration = Annotated[
    bool, typer.Option("--demonstration", envvar="SAFECONDUCT_DEMONSTRATION", help="Accept a demonstration's keys.")
]


@app.command("serve")
def serve(*, demonstration: Demonstration = False) -> None:
    """Serve the desk's pages until it is told to stop."""
    django_start.serve_house(demonstration=demonstration)


@app.command("collect")
def collect(*, demonstration: Demonstration = False) -> None:
    """Bring envelopes in from the spool, and replies out to the mailboxes."""
    django_start.start_house(demonstration=demonstration)

    from safeconduct.desk.project import workers  # noqa: PLC0415 - needs Django started

    asyncio.run(workers.collect())


@app.command("clock")
def clock(*, demonstration: Demonstration = False) -> None:
    """Do what must happen on time: chain the record, lock, sweep, destroy what has ended."""
    django_start.start_house(demonstration=demonstration)

    from safeconduct.desk.project import workers  # noqa: PLC0415 - needs Django started

    asyncio.run(workers.keep_time())


@app.command("confirm-time")
def confirm_time(*, demonstration: Demonstration = False) -> None:
    """After a stop of more than a day: say that this machine's clock is right, so that what has ended is destroyed again."""
    django_start.start_house(demonstration=demonstration)

    from safeconduct.cli import confirming  # noqa: PLC0415 - needs Django started

    confirming.confirm()


@app.command(
    "manage", context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
)
def manage(context: typer.Context) -> None:
    """Django's own commands, such as `migrate`."""
    from safeconduct.desk.project.manage import manage as run  # noqa: PLC0415 - `keys` and others need no Django

    run(context.args)
