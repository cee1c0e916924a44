# SPDX-License-Identifier: AGPL-3.0-or-later
"""What needs two people: one proposes, another approves, and it takes effect once. It never sees what is approved."""
