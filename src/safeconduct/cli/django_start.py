# SPDX-License-Identifier: AGPL-3.0-or-later
"""Starts Django for a command that needs the desk's database. Every file it makes is its owner's alone."""

import os

import django

from safeconduct.desk.project import databases, environment


def start() -> None:
    """Call once, before anything of the desk's models is imported."""
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safeconduct.desk.project.settings")
    databases.prepare(environment.read())
    django.setup()
