# SPDX-License-Identifier: AGPL-3.0-or-later
"""channels/voice.toml. README.md says what each setting is for."""

import ipaddress
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from safeconduct.dialogue.texts import AVAILABLE
from safeconduct.edge.channels.errors import SettingsRefused
from safeconduct.edge.channels.private_files import read_private, read_private_line
from safeconduct.edge.channels.voice.sip_settings import SipSettings, account, config

_NAME = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_PORTS_A_CALL = 2
_ADDRESSES = re.compile(r"[0-9.]+(/\d{1,2})?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(/\d{1,3})?")
Port = Annotated[int, msgspec.Meta(ge=1, le=65534)]
Text = Annotated[str, msgspec.Meta(pattern=r"^[!-~]{1,255}$")]
CARRIED_MOST = 250  # the library answers 500 to everybody from 255 on
_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,253}(;transport=(udp|tcp|tls))?")
# With hosts that are allowed, nothing may stand in a telephone's address that leads elsewhere (`;maddr=`, `?Route=`).
_PHONE = re.compile(
    r"sips?:(?:[^@;?<>\s]{1,64}@)?(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+))(?::\d+)?(?:;transport=(?:udp|tcp|tls))?"
)


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    prompts: str | None = None
    languages: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)] = AVAILABLE
    # where it listens
    address: str = "127.0.0.1"
    port: Port = 5060
    transports: Annotated[tuple[Literal["udp", "tcp", "tls"], ...], msgspec.Meta(min_length=1)] = ("udp", "tcp")
    certificate: str | None = None
    authorities: str | None = None
    srtp: Literal["off", "offered", "required"] = "offered"
    wide: bool = True
    rtp_ports: tuple[Port, Port] = (20000, 29999)
    # the trunk
    user: Text = "hotline"
    domain: str = ""
    password: str | None = None
    password_file: str | None = None
    auth_user: Text | None = None
    outbound: Text | None = None
    registers: bool = False
    trunks: tuple[str, ...] = ()
    numbers_without_plus: bool = False
    # calls to people, on their wish
    dial: str | None = None
    dial_prefixes: tuple[Annotated[str, msgspec.Meta(pattern=r"^\+[1-9][0-9]{0,6}$")], ...] = ()
    phone_hosts: tuple[str, ...] = ()
    ring_seconds: Annotated[float, msgspec.Meta(ge=5, le=50)] = 30.0
    timezone: str | None = None
    # limits
    calls: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 100
    calls_beyond: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 50
    message_seconds: Annotated[float, msgspec.Meta(ge=10, le=600)] = 180.0
    silent_seconds: Annotated[int, msgspec.Meta(ge=10, le=600)] = 30

    def __repr__(self) -> str:
        return "Settings(…)"

    def port_of(self, transport: str) -> int:
        """Where calls over this transport come in: the library puts TLS on the next port."""
        return self.port + 1 if transport == "tls" else self.port

    def may_call(self, number: str) -> bool:
        """Whether calls to this country go from here."""
        return not self.dial_prefixes or number.startswith(self.dial_prefixes)

    def may_ring(self, uri: str) -> bool:
        """Whether an operator's telephone may be there."""
        if not self.phone_hosts:
            return True
        found = _PHONE.fullmatch(uri)
        return found is not None and _is_among(found[1] or found[2], self.phone_hosts)

    def uri_of(self, number: str) -> str:
        """Where a call to this number goes. Only with `dial`."""
        return f"sip:{number}@{self.dial}"


def checked(settings: Settings) -> Settings:
    """What types cannot say. Raises `SettingsRefused`."""
    unknown = [tag for tag in settings.languages if tag not in AVAILABLE]
    if unknown or len(set(settings.languages)) != len(settings.languages):
        raise SettingsRefused("voice: languages must be different ones of " + ", ".join(AVAILABLE))
    if "tls" in settings.transports and settings.certificate is None:
        raise SettingsRefused("voice: the transport tls needs `certificate`, a PEM file with the key and the chain")
    if settings.srtp == "required" and settings.transports != ("tls",):
        raise SettingsRefused(
            'voice: srtp = "required" hides nothing while its keys travel open; set transports = ["tls"]'
        )
    if settings.dial is not None and not _HOST.fullmatch(settings.dial):
        raise SettingsRefused("voice: dial is a host, perhaps with a port and ;transport=tls")
    if settings.timezone is not None:
        _zone(settings.timezone)
    _can_be_reached(settings)
    if _carried(settings) > CARRIED_MOST:
        raise SettingsRefused(
            f"voice: one process carries {CARRIED_MOST} calls: two for each of `calls`, and `calls_beyond`"
        )
    _can_be_written(sip(settings))
    return settings


def _can_be_reached(settings: Settings) -> None:
    if settings.rtp_ports[1] - settings.rtp_ports[0] < _PORTS_A_CALL - 1:
        raise SettingsRefused("voice: rtp_ports are the first and the last of some ports, two for each call")
    for host in settings.phone_hosts:
        if _ADDRESSES.fullmatch(host):
            _network(host, "phone_hosts")
        elif not _NAME.fullmatch(host):
            raise SettingsRefused("voice: phone_hosts are names of machines, IP addresses or networks")


def _can_be_written(settings: SipSettings) -> None:
    """Else the library would say so each time that the channel begins, and never why."""
    try:
        config(settings)
        for transport in settings.transports:
            account(settings, transport)
    except (ValueError, TypeError):
        raise SettingsRefused(
            "voice: user, domain, password, auth_user or outbound holds a sign that has no place in it"
        ) from None


def _is_among(host: str, allowed: Sequence[str]) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host.lower() in map(str.lower, allowed)
    networks = [ipaddress.ip_network(one, strict=False) for one in allowed if _ADDRESSES.fullmatch(one)]
    return any(address in network for network in networks)


def prompts_of(settings: Settings, environment: Mapping[str, str]) -> Path:
    """Where the prompts lie: as `safeconduct voice prompts` makes them. Raises `SettingsRefused`."""
    home = Path(environment.get("SAFECONDUCT_HOME") or "var")
    folder = Path(settings.prompts or environment.get("SAFECONDUCT_PROMPTS") or home / "prompts").resolve()
    if not folder.is_dir():
        raise SettingsRefused(f"voice: there are no prompts in {folder}; make them with: safeconduct voice prompts")
    return folder


def sip(settings: Settings) -> SipSettings:
    """For the engine, which carries more calls than are served: a full line answers too. Raises `SettingsRefused`."""
    return SipSettings(
        address=_address(settings.address),
        port=settings.port,
        transports=settings.transports,
        certificate=_private(settings.certificate),
        authorities=None if settings.authorities is None else Path(settings.authorities),
        srtp=settings.srtp,
        user=settings.user,
        domain=settings.domain,
        password=_password(settings),
        auth_user=settings.auth_user,
        outbound=settings.outbound,
        registers=settings.registers,
        trunks=tuple(map(_network, settings.trunks)),
        numbers_without_plus=settings.numbers_without_plus,
        calls=_carried(settings),
        silent_seconds=settings.silent_seconds,
        wide=settings.wide,
        rtp_ports=settings.rtp_ports,
    )


def _carried(settings: Settings) -> int:
    """Twice those who are served: who talks to a person has that person's call beside their own."""
    return 2 * settings.calls + settings.calls_beyond


def _address(address: str) -> str:
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        raise SettingsRefused("voice: address is an IP address of this machine") from None


def _network(network: str, of: str = "trunks") -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(network)
    except ValueError:
        raise SettingsRefused(f"voice: {of} are IP addresses or networks") from None


def _zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SettingsRefused("voice: timezone is a name such as Europe/Kyiv") from None


def _private(path: str | None) -> Path | None:
    if path is None:
        return None
    read_private(Path(path))
    return Path(path)


def _password(settings: Settings) -> str:
    if settings.password is not None and settings.password_file is not None:
        raise SettingsRefused("voice: give password or password_file, and not both")
    if settings.password_file is not None:
        return read_private_line(Path(settings.password_file))
    return settings.password or ""
