# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whose phones may ring."""

from safeconduct.edge.channels.duty import NobodyOnDuty, OnDuty, Phone, WantsDuty

__all__ = ["NobodyOnDuty", "OnDuty", "Phone", "WantsDuty"]
