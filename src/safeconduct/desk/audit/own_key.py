# SPDX-License-Identifier: AGPL-3.0-or-later
"""A house's own signature: below its record, and of the desk below every answer."""

from pathlib import Path

from safeconduct.desk.audit.errors import NoSigningKey
from safeconduct.sealing.errors import KeyRefused
from safeconduct.sealing.signatures import SigningKey


def read_signing_key(secrets: Path) -> SigningKey:
    """From the folder of one house. Raises `NoSigningKey`, with the mend."""
    try:
        return SigningKey.from_seed((secrets / "signing.key").read_bytes())
    except (OSError, KeyRefused) as error:
        raise NoSigningKey(f"{secrets.name}/signing.key must be among the credentials and hold 32 bytes") from error
