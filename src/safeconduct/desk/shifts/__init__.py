# SPDX-License-Identifier: AGPL-3.0-or-later
"""Shifts: handing one over, how the people on duty are loaded, and which promises are not kept. It opens no case."""
