# SPDX-License-Identifier: AGPL-3.0-or-later
"""A chat in the terminal, for a newcomer and for editors. No provider, so it is not in the registry."""
