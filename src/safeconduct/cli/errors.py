# SPDX-License-Identifier: AGPL-3.0-or-later
"""Errors of the command line."""


class CliError(Exception):
    """Something the person at the terminal can mend; the text says how. No subclasses: one sentence is enough."""
