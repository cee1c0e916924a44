# SPDX-License-Identifier: AGPL-3.0-or-later
"""Letters, cards and parcels (arts. 70 to 72, 76, R29). Nothing here can hold mail back: there is no such state, field or event."""
