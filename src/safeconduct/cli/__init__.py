# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command line: one module a noun. The only room that may put all others together."""
