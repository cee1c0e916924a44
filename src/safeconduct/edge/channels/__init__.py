# SPDX-License-Identifier: AGPL-3.0-or-later
"""One folder for each way to chat. A channel moves messages; it knows nothing of scripts, keys, cases or the spool."""
