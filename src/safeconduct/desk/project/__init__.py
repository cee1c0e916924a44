# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's composition root: settings, addresses, shared pages, the server. It holds no case data of its own."""
