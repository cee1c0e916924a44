# SPDX-License-Identifier: AGPL-3.0-or-later
"""A camp's days: meals, water, worship; its representatives, of whose election counts alone are kept; visits, and what is posted."""
