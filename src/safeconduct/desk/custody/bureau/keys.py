# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Bureau's public half, as the ceremony laid it among custody's credentials. No row of the database can put another in its place."""

from django.conf import settings

from safeconduct.desk.custody.bureau.errors import NoBureauKey
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.packages import Bureau

FILE = "bureau.pub"


def bureau() -> Bureau:
    """Raises `NoBureauKey`."""
    try:
        return Bureau.parse((settings.DESK.secrets / FILE).read_bytes())
    except (OSError, SealingError) as error:
        raise NoBureauKey from error


def bureau_or_none() -> Bureau | None:
    try:
        return bureau()
    except NoBureauKey:
        return None
