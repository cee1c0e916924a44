# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct softphone`: the operators' browsers as telephones. It needs neither database nor credentials."""

import asyncio
import logging
import os

from safeconduct.cli.errors import CliError
from safeconduct.desk.project.log import PlaceFormatter
from safeconduct.desk.telephone import process, settings
from safeconduct.desk.telephone.errors import TelephoneError


def command() -> None:
    """Take calls of the voice channel for the operators' browsers, until it is told to stop."""
    os.umask(0o077)
    _log_places_only()
    try:
        asyncio.run(process.run(settings.read()), debug=False)  # debugging writes down what is in memory
    except TelephoneError as error:
        raise CliError(str(error)) from error


def _log_places_only() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(PlaceFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("safeconduct").setLevel(logging.INFO)
    process.quiet()
