# SPDX-License-Identifier: AGPL-3.0-or-later
"""The line behind the cases, and a browser."""

from tests.desk.cases.conftest import chromium, line, person, window

__all__ = ["chromium", "line", "person", "window"]
