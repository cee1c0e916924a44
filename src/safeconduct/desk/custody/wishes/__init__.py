# SPDX-License-Identifier: AGPL-3.0-or-later
"""What prisoners of war wish about their return, asked freely, and what follows from it: lists, returns, counsel (R38 to R43)."""
