# SPDX-License-Identifier: AGPL-3.0-or-later
"""Starts Django for a command that needs the desk's database. Every file it makes is its owner's alone."""

import os

import django

from safeconduct.cli.errors import CliError
from safeconduct.cli.places import places
from safeconduct.desk.project import databases, environment
from safeconduct.desk.project.errors import ProjectError


def start() -> None:
    """Call once, before anything of the desk's models is imported."""
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safeconduct.desk.project.settings")
    databases.prepare(environment.read())
    django.setup()


def start_house(*, demonstration: bool) -> None:
    """The same for a house that goes to work. Raises `CliError`: a demonstration's keys are taken only when told."""
    if places().is_demonstration and not demonstration:
        raise CliError(
            "these are a demonstration's keys, which anyone may know; make a line's own with `safeconduct keys`"
        )
    if demonstration:
        os.environ["SAFECONDUCT_DEMONSTRATION"] = "yes"  # the house's own checks read it from there
    try:
        start()
    except ProjectError as error:
        raise CliError(str(error)) from error


def serve_house(*, demonstration: bool) -> None:
    """Serve the pages of a house until it is told to stop. Raises `CliError`."""
    start_house(demonstration=demonstration)

    from safeconduct.desk.project import serve  # noqa: PLC0415 - needs Django started

    try:
        serve.serve()
    except ProjectError as error:
        raise CliError(str(error)) from error
