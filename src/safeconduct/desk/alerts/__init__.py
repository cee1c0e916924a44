# SPDX-License-Identifier: AGPL-3.0-or-later
"""What must happen on time, and what is said when it does not. Nothing here needs an opened message."""
