# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's own signature: below the record, and below every answer."""

from pathlib import Path

from safeconduct.desk.audit.errors import NoSigningKey
from safeconduct.sealing.errors import KeyRefused
from safeconduct.sealing.signatures import SigningKey


def read_signing_key(credentials: Path) -> SigningKey:
    """Raises `NoSigningKey`, with the mend."""
    try:
        return SigningKey.from_seed((credentials / "desk" / "signing.key").read_bytes())
    except (OSError, KeyRefused) as error:
        raise NoSigningKey("desk/signing.key must be among the credentials and hold 32 bytes") from error
