# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public door: it asks, seals and forgets. It never opens what it sealed, and knows neither case nor operator."""
