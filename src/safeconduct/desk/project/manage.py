# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct desk manage …`: Django's own commands with the desk's settings."""

import os
import sys
from collections.abc import Sequence

from django.core.management import execute_from_command_line

from safeconduct.desk.project import databases, environment


def manage(arguments: Sequence[str]) -> None:
    """Run one of Django's commands. Every file it makes is its owner's alone."""
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safeconduct.desk.project.settings")
    databases.prepare(environment.read())
    execute_from_command_line(["safeconduct desk manage", *arguments])


if __name__ == "__main__":
    manage(sys.argv[1:])
