# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record of who read and did what (R49), readable by the monitor alone. It knows nothing of cases or operators' keys."""
