# SPDX-License-Identifier: AGPL-3.0-or-later
"""Inspections, weights and illness (R28). Nobody but the medical team reads a page of this room; the Bureau, one word a week."""
