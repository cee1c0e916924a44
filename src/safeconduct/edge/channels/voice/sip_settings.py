# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the engine listens and calls, and the library's own words for it."""

import contextlib
import ipaddress
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from baresip import Account, Config

from safeconduct.edge.channels.voice.numbers import READ_HEADERS

Transport = Literal["udp", "tcp", "tls"]
Srtp = Literal["off", "offered", "required"]

_OPENSSL = "OPENSSL_CONF"
_NARROW = ("pcma/8000/1", "pcmu/8000/1")
_WIDE = ("g722/16000/1", *_NARROW)
_SPARE = 1200  # the library counts those that it has lost, and those that are about to be refused (wear.py)
_SRTP = {"off": (), "offered": ("mediaenc=srtp",), "required": ("mediaenc=srtp-mand",)}


@dataclass(frozen=True, slots=True, repr=False)
class SipSettings:
    """What the channel's settings say about SIP, already checked.

    `port` is that of UDP and TCP; TLS listens on the next one. `certificate` is a PEM file with the key and the chain.
    `calls` is how many the engine carries at once, those who are told that the line is full included: more than are
    served. `silent_seconds`: a call from which nothing has come for so long is over.
    """

    address: str = "127.0.0.1"
    port: int = 5060
    transports: Sequence[Transport] = ("udp", "tcp")
    certificate: Path | None = None
    authorities: Path | None = None  # who may have signed the trunk's certificate; PEM
    srtp: Srtp = "offered"
    user: str = "hotline"
    domain: str = ""  # of the trunk; empty: calls come and go directly
    password: str = ""
    auth_user: str | None = None
    outbound: str | None = None  # the trunk's proxy, "host:port;transport=tls"
    registers: bool = False
    trunks: Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network] = ()
    numbers_without_plus: bool = False
    calls: int = 150
    silent_seconds: int = 30
    wide: bool = True  # offer G.722, 16 kHz
    rtp_ports: tuple[int, int] = (20000, 29999)


@contextlib.contextmanager
def modern_tls() -> Iterator[None]:
    """While this lasts, an OpenSSL that begins to work allows nothing below TLS 1.3. Python's own has begun long before."""
    before = os.environ.get(_OPENSSL)
    os.environ[_OPENSSL] = str(Path(__file__).with_name("tls.cnf"))
    try:
        yield
    finally:
        del os.environ[_OPENSSL]
        if before is not None:
            os.environ[_OPENSSL] = before


def account(settings: SipSettings, transport: Transport) -> Account:
    """The one identity: every call is for it, whatever was dialled."""
    return Account(
        user=settings.user,
        domain=settings.domain or settings.address,
        password=settings.password,
        auth_user=settings.auth_user,
        registrar=settings.outbound,
        reg_interval=600 if settings.registers else 0,
        transport=transport,
        audio_codecs=_WIDE if settings.wide else _NARROW,
        # No pictures: a call that is answered without a camera is else negotiated a second time. No transfers: whoever
        # calls must not be able to make us call somebody.
        extra_params=("catchall=yes", "call_transfer=no", "video_codecs=none", *_SRTP[settings.srtp]),
    )


def config(settings: SipSettings) -> Config:
    return Config(
        net_interface=None if ipaddress.ip_address(settings.address).is_unspecified else settings.address,
        expose_headers=READ_HEADERS,
        native_log_level="error",
        sip_trace=True,  # sources.py reads it
        max_concurrent_calls=settings.calls + _SPARE,
        rtp_timeout=settings.silent_seconds,
        extra_config_text="\n".join(_lines(settings)),
    )


def _lines(settings: SipSettings) -> list[str]:
    host = f"[{settings.address}]" if ":" in settings.address else settings.address
    first, last = settings.rtp_ports
    lines = [
        f"sip_listen {host}:{settings.port}",
        f"sip_transports {','.join(settings.transports)}",
        f"rtp_ports {first}-{last}",
        "call_hold_other_calls no",
        "sip_verify_server yes",
    ]
    if settings.certificate is not None:
        lines.append(f"sip_certificate {settings.certificate}")
    if settings.authorities is not None:
        lines.append(f"sip_cafile {settings.authorities}")
    return lines
