# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a person is brought through: a plan, two people, a receiving unit's sheet, an outcome, and nothing left of it.

Places and times are opened by the handover cell alone, and a released sheet by its unit's people (R16, R18). There is no
export, no list of places and no map here, and no other room may open any of it.
"""
