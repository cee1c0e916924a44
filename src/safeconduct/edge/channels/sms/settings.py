# SPDX-License-Identifier: AGPL-3.0-or-later
"""channels/sms.toml. README.md says what each setting is for."""

import ssl
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from aiosmpplib import NPI, TON, BindTransceiver

from safeconduct.edge.channels.errors import SettingsRefused
from safeconduct.edge.channels.private_files import read_private_line
from safeconduct.edge.channels.sms.alphabets import Default

Npi = Literal[0, 1, 3, 4, 6, 8, 9, 10, 14, 18]
Seconds = Annotated[float, msgspec.Meta(gt=0, le=600)]
_PASSWORD_MAX = 8  # SMPP 3.4, 4.1.1


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    host: str
    system_id: Annotated[str, msgspec.Meta(pattern="^[!-~]{1,15}$")]
    source: Annotated[str, msgspec.Meta(pattern=r"^(\+?[0-9]{2,20}|[ -~]{1,11})$")]
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 3550
    password: str | None = None
    password_file: str | None = None
    system_type: Annotated[str, msgspec.Meta(pattern="^[ -~]{0,12}$")] = ""
    tls: bool = True
    ca_file: str | None = None
    source_ton: Literal[0, 1, 2, 3, 4, 5, 6] | None = None
    source_npi: Npi | None = None
    number_ton: Literal[0, 1, 2, 3, 4, 6] = 0
    number_npi: Npi = 1
    default_alphabet: Default = "gsm0338"
    long_messages: Literal["udh", "sar", "payload"] = "udh"
    registered_delivery: Annotated[int, msgspec.Meta(ge=0, le=255)] = 0
    enquire_seconds: Seconds = 30.0
    response_seconds: Seconds = 30.0
    join_seconds: Annotated[float, msgspec.Meta(ge=0, le=60)] = 5.0

    def __repr__(self) -> str:
        return "Settings(…)"


def bind(settings: Settings) -> BindTransceiver:
    """Raises `SettingsRefused`."""
    return BindTransceiver(
        system_id=settings.system_id,
        password=_password(settings),
        system_type=settings.system_type,
        addr_ton=TON.UNKNOWN,
        addr_npi=NPI.UNKNOWN,
    )


def tls(settings: Settings) -> ssl.SSLContext | None:
    """Raises `SettingsRefused`."""
    if not settings.tls:
        return None
    try:
        context = ssl.create_default_context(cafile=settings.ca_file)
    except (OSError, ssl.SSLError) as error:
        raise SettingsRefused(f"sms: ca_file cannot be read ({type(error).__name__})") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _password(settings: Settings) -> str:
    if (settings.password is None) == (settings.password_file is None):
        raise SettingsRefused("sms: give password or password_file, and not both")
    found = settings.password
    if settings.password_file is not None:
        found = read_private_line(Path(settings.password_file))
    if found is None or not found.isascii() or len(found) > _PASSWORD_MAX:
        raise SettingsRefused(f"sms: the password is at most {_PASSWORD_MAX} letters of ASCII (SMPP 3.4)")
    return found
