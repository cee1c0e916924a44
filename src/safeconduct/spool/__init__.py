# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pipe between the two doors: sealed bytes, durable before acknowledged. It may never hold a key that opens them."""
