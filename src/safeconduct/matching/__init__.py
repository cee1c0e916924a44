# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether two records may be one person. It proposes and never decides; it keeps nothing and knows no store (R50)."""
