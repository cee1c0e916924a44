# SPDX-License-Identifier: AGPL-3.0-or-later
from tests.desk.cases.conftest import chromium, window

__all__ = ["chromium", "window"]
