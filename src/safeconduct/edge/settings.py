# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the environment says to the public door, read once and strictly."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from safeconduct.edge.errors import SettingsRefused
from safeconduct.spool.contract import SPOOL_BYTES_DEFAULT, SPOOL_BYTES_LEAST, SPOOL_BYTES_MOST

HOST = "SAFECONDUCT_EDGE_HOST"
PORT = "SAFECONDUCT_EDGE_PORT"
PROXY = "SAFECONDUCT_EDGE_PROXY"
SPOOL_BYTES = "SAFECONDUCT_SPOOL_BYTES"  # the same for every process that opens the spool
HOME = "SAFECONDUCT_HOME"
CREDENTIALS = "SAFECONDUCT_CREDENTIALS"
FILES = "SAFECONDUCT_FILES"  # the same for the desk

_KNOWN = frozenset({HOST, PORT, PROXY})
_PORT_MAX = 65_535


@dataclass(frozen=True, slots=True)
class EdgeSettings:
    """Where the door listens, where the spool lies and how much it may hold, and where the secrets come from."""

    host: str
    port: int
    home: Path
    credentials: Path
    files: Path
    spool_bytes: int
    proxies: tuple[
        bytes, ...
    ]  # packed: whose X-Forwarded-For is believed; without any no visitor's address is looked at

    @property
    def spool(self) -> Path:
        """The file of the embedded spool."""
        return self.home / "spool" / "spool.db"


def read_settings(environment: Mapping[str, str]) -> EdgeSettings:
    """Settings from the environment. Raises `SettingsRefused` with the mend."""
    unknown = {name for name in environment if name.startswith("SAFECONDUCT_EDGE_")} - _KNOWN
    if unknown:
        raise SettingsRefused(f"unknown settings: {', '.join(sorted(unknown))}; known are {', '.join(sorted(_KNOWN))}")
    home = Path(environment.get(HOME) or "var").resolve()
    return EdgeSettings(
        host=environment.get(HOST) or "127.0.0.1",
        port=_number(environment, PORT, default=8800, least=1, most=_PORT_MAX),
        home=home,
        credentials=Path(environment.get(CREDENTIALS) or home / "credentials").resolve(),
        files=Path(environment.get(FILES) or home / "files").resolve(),
        spool_bytes=_number(
            environment, SPOOL_BYTES, default=SPOOL_BYTES_DEFAULT, least=SPOOL_BYTES_LEAST, most=SPOOL_BYTES_MOST
        ),
        proxies=_addresses(environment, PROXY),
    )


def _addresses(environment: Mapping[str, str], name: str) -> tuple[bytes, ...]:
    """No names and no networks: whoever is believed can put visitors behind each other's address."""
    texts = [text.strip() for text in (environment.get(name) or "").split(",") if text.strip()]
    try:
        return tuple(_packed(text) for text in texts)
    except ValueError:
        raise SettingsRefused(f"{name} must be the proxy's address as the door sees it, such as 127.0.0.1") from None


def _packed(text: str) -> bytes:
    address = ip_address(text)
    return (getattr(address, "ipv4_mapped", None) or address).packed


def _number(environment: Mapping[str, str], name: str, *, default: int, least: int, most: int) -> int:
    text = environment.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise SettingsRefused(f"{name} must be a whole number from {least} to {most}")
    return int(text)
