# SPDX-License-Identifier: AGPL-3.0-or-later
"""Benchmarks: each figure as a ratio to its limit, measured in the same run on the same machine."""
