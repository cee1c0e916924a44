# SPDX-License-Identifier: AGPL-3.0-or-later
"""The register of prisoners of war (GC III). It knows camps, numbers, events and what the Convention asks for; never how anyone came (R20)."""
