# SPDX-License-Identifier: AGPL-3.0-or-later
"""Telephone calls, over SIP. It carries voices and keys; what a caller says is heard here, never kept here and never logged."""
