# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signal through the daemon of signal-cli. It moves messages only; README.md says what may be lost, and when."""
