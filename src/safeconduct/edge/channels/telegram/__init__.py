# SPDX-License-Identifier: AGPL-3.0-or-later
"""Telegram, by the Bot API. Telegram can read what is written here; README.md says what that means."""
