# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the softphone listens, read from the environment once and strictly. What is unset stays on this machine."""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from safeconduct.desk.telephone.errors import BadSetting

PREFIX = "SAFECONDUCT_"
PORTS = range(1024, 65_536)
LONGEST_SOCKET = 100  # bytes: the system takes 107
_ENDS = 2


@dataclass(frozen=True, slots=True)
class Settings:
    """`sip_*` is the side of the voice channel, `browser_*` the side of the operators' browsers."""

    socket: Path
    sip_host: str
    sip_port: int
    sip_ports: range
    certificate: Path | None  # a PEM file with key and chain: then SIP is TLS alone
    browser_hosts: tuple[str, ...]
    browser_ports: range


def read(source: Mapping[str, str] = os.environ) -> Settings:
    """Parse the environment. Raises `BadSetting` with the name and the mend; the value is never repeated."""
    host, port = _listen(source, "SOFTPHONE_SIP", "127.0.0.1:5062")
    here = Settings(
        socket=socket_in(Path(source.get(PREFIX + "HOME") or "var")),
        sip_host=host,
        sip_port=port,
        sip_ports=_ports(source, "SOFTPHONE_SIP_PORTS", "40000-40199"),
        certificate=_file(source, "SOFTPHONE_CERTIFICATE"),
        browser_hosts=_hosts(source, "SOFTPHONE_BROWSER_HOSTS", "127.0.0.1"),
        browser_ports=_ports(source, "SOFTPHONE_BROWSER_PORTS", "40200-40399"),
    )
    if set(here.sip_ports) & set(here.browser_ports):
        raise BadSetting(f"{PREFIX}SOFTPHONE_SIP_PORTS and {PREFIX}SOFTPHONE_BROWSER_PORTS must not overlap")
    return here


def sip_address(here: Settings) -> str:
    """What stands behind the @ of every phone's address."""
    return f"{here.sip_host}:{here.sip_port}" + (";transport=tls" if here.certificate else "")


def socket_in(home: Path) -> Path:
    """Where desk and softphone meet."""
    return home / "run" / "softphone.sock"


def _listen(source: Mapping[str, str], name: str, default: str) -> tuple[str, int]:
    host, _, port = (source.get(PREFIX + name) or default).rpartition(":")
    if not (_is_own_address(host.strip("[]")) and _is_port(port)):
        raise BadSetting(f"{PREFIX}{name} must be one of this machine's addresses and a port, such as 127.0.0.1:5062")
    return host, int(port)


def _file(source: Mapping[str, str], name: str) -> Path | None:
    path = Path(source[PREFIX + name]) if source.get(PREFIX + name) else None
    if path and (not path.is_absolute() or any(letter.isspace() for letter in str(path))):
        raise BadSetting(f"{PREFIX}{name} must be the whole path of a PEM file, without spaces")
    return path


def _hosts(source: Mapping[str, str], name: str, default: str) -> tuple[str, ...]:
    hosts = tuple(host.strip() for host in (source.get(PREFIX + name) or default).split(","))
    if not all(_is_own_address(host) for host in hosts):
        raise BadSetting(f"{PREFIX}{name} must be addresses of this machine with commas, such as 192.0.2.7")
    return hosts


def _ports(source: Mapping[str, str], name: str, default: str) -> range:
    ends = (source.get(PREFIX + name) or default).split("-")
    if len(ends) != _ENDS or not all(_is_port(end) for end in ends) or int(ends[0]) >= int(ends[1]):
        raise BadSetting(f"{PREFIX}{name} must be the first and the last port with a dash, such as 40200-40399")
    return range(int(ends[0]), int(ends[1]) + 1)


def _is_own_address(host: str) -> bool:
    """An address, and not "all of them": whoever listens must know on which side of the house."""
    try:
        return not ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) in PORTS
