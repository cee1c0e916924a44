# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct code NAME`: the six digits that a phone would show, for a demonstration's people only."""

import time
from typing import Annotated

import typer

from safeconduct.cli import django_start
from safeconduct.cli.errors import CliError
from safeconduct.cli.places import places


def command(
    name: Annotated[str, typer.Argument(help="A demonstration's person, as `up` names them.")],
) -> None:
    """Print the code that is valid now, and for how long."""
    if not places().is_demonstration:
        raise CliError(
            "codes are shown for a demonstration's people only; on a real line the operator's phone has them"
        )
    django_start.start()

    from django_otp.oath import TOTP  # noqa: PLC0415 - models can be imported only after Django has started
    from django_otp.plugins.otp_totp.models import TOTPDevice  # noqa: PLC0415

    device = TOTPDevice.objects.filter(user__name=name.casefold()).first()
    if device is None:
        raise CliError(f"nobody here is called {name}")
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time()
    left = device.step - int(totp.time - device.t0) % device.step
    typer.echo(f"{totp.token():0{device.digits}d}   valid for {left} more seconds; each code works once")
