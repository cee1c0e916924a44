# SPDX-License-Identifier: AGPL-3.0-or-later
"""Texts as audio. No network, no clock, no database; files only in the folder that it is given.

What an operator wrote is spoken in memory and never touches a disk.
"""
