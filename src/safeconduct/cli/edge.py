# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct edge`: runs the public door."""

import os
from typing import Annotated

import typer

from safeconduct.cli.errors import CliError
from safeconduct.edge import serve
from safeconduct.edge.errors import EdgeError


def command(
    *,
    demonstration: Annotated[
        bool,
        typer.Option("--demonstration", envvar="SAFECONDUCT_DEMONSTRATION", help="Accept a demonstration's keys."),
    ] = False,
) -> None:
    """Serve the public pages until it is told to stop. Refuses a demonstration's keys unless told."""
    try:
        serve.run(os.environ, demonstration=demonstration)
    except EdgeError as error:
        raise CliError(str(error)) from error
