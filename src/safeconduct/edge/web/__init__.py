# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door on the web: plain HTML, whole in one answer. No script, no cookie, nobody else's server, no address kept."""
