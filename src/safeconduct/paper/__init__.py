# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Convention's forms as accessible PDFs: the same bytes for the same content, in every language of the line.

What somebody wrote is set as text and never read as markup. This room knows no store, key, network or clock, and writes no file.
"""
