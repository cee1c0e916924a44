# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the National Information Bureau is told (art. 122): packages, acknowledgements, and who must wait for counsel."""
