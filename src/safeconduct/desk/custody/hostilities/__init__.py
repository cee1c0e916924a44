# SPDX-License-Identifier: AGPL-3.0-or-later
"""The end of active hostilities (art. 118): two people say it, and two take it back."""
