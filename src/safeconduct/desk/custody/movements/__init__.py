# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who goes where: places, allocation, evacuation and transfers (arts. 19 to 25, 46 to 48). Nobody is refused a place."""
