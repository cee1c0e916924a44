# SPDX-License-Identifier: AGPL-3.0-or-later
"""The field's words as types. This room holds no behaviour that needs a network, a clock or a store."""
