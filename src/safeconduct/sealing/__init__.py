# SPDX-License-Identifier: AGPL-3.0-or-later
"""The only cryptography of the house: bytes in, bytes out. It never opens a file, a socket, a clock or a database."""
