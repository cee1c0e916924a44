# SPDX-License-Identifier: AGPL-3.0-or-later
"""WhatsApp through Meta's Cloud API. It moves messages only; Meta reads them, and README.md says so."""
