# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finding a prisoner of war by name, in any script: sealed tokens of each team that may read who somebody is."""
