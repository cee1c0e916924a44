# SPDX-License-Identifier: AGPL-3.0-or-later
"""What reaches the line and what answers it: the queue, the case, its conversation.

This room never imports custody, and nothing in it can open an envelope without an operator's unlocked key.
"""
