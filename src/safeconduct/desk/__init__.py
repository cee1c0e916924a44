# SPDX-License-Identifier: AGPL-3.0-or-later
"""The operators' door. It opens what is sealed only with a signed-in operator's own key, and never serves the public."""
