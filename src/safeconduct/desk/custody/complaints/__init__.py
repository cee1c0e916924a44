# SPDX-License-Identifier: AGPL-3.0-or-later
"""Complaints (art. 78, R30, R37): written down at any desk, read by the monitor and independent counsel alone. Nobody else learns that there is one."""
