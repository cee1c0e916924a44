# SPDX-License-Identifier: AGPL-3.0-or-later
"""Locking the desk for everybody, and destroying its keys; and the drills of both (R51)."""
