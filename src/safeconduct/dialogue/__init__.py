# SPDX-License-Identifier: AGPL-3.0-or-later
"""What we ask and say, once for every channel. Pure: no network, no clock, no store; scripts and texts are data."""
