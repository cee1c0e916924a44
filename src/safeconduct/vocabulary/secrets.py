# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bytes and texts that must never be mixed up: a type of its own for each."""

from typing import NewType

Plain = NewType("Plain", bytes)  # what a person said, readable
Sealed = NewType("Sealed", bytes)  # a whole serialised envelope
Passphrase = NewType("Passphrase", str)  # an operator's, generated, at least 77 bits
KeySeed = NewType("KeySeed", bytes)  # 32 bytes from which a key pair is expanded
