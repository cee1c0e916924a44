# SPDX-License-Identifier: AGPL-3.0-or-later
"""For mypy alone: its plugin learns the models of the apps of one settings module, and no process has both houses' (R20)."""

from safeconduct.desk.project.houses import HOUSES
from safeconduct.desk.project.settings import *  # noqa: F403 - all that the plugin may be asked for
from safeconduct.desk.project.settings import INSTALLED_APPS as _OF_THE_DESK

INSTALLED_APPS = [*dict.fromkeys([*_OF_THE_DESK, *(app for house in HOUSES.values() for app in house.apps)])]
