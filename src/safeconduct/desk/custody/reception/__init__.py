# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where people arrive: forty on one sheet, their health, what is taken from them and given back. Never how they came."""
