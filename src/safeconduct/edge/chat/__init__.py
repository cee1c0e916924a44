# SPDX-License-Identifier: AGPL-3.0-or-later
"""The conversation behind every chat channel: in order, sealed before it is acknowledged, answered once, wiped in time."""
