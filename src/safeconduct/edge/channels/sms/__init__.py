# SPDX-License-Identifier: AGPL-3.0-or-later
"""Text messages, over SMPP 3.4. It moves messages and knows nothing of what they say."""
