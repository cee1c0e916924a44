# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sentences that operators pick in their own language and send in the person's. It sees no case and nobody who writes."""
