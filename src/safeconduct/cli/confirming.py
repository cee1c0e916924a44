# SPDX-License-Identifier: AGPL-3.0-or-later
"""A person says that this machine's clock is right. Needs Django started; of either house."""

from datetime import UTC, datetime

import typer

from safeconduct.desk.alerts.clock import confirm_time


def confirm() -> None:
    """Asked first, because what has ended by this clock is destroyed from then on."""
    now = datetime.now(UTC)
    typer.confirm(f"It is now {now:%Y-%m-%d %H:%M} UTC. Have you compared that with another clock?", abort=True)
    confirm_time(now)
    typer.echo("Confirmed.")
