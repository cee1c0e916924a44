# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who works here and with which keys: sign-in, lock, roles, teams. It never stores a passphrase or a readable key."""
