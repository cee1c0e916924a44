# SPDX-License-Identifier: AGPL-3.0-or-later
from safeconduct.cli.main import run

run()
