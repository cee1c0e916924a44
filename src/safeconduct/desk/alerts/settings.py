# SPDX-License-Identifier: AGPL-3.0-or-later
"""`alerts.toml` among the credentials: where alert messages go, how often, and who is asked in which order.

Its addresses are secrets (they hold passwords and tokens): nothing here prints, logs or repeats one.
"""

import os
import stat
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import msgspec

from safeconduct.desk.alerts.errors import BadSettings
from safeconduct.desk.alerts.roster import USUAL

NAME = "alerts.toml"
SIZE_MAX = 64 << 10

_Word = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
_Address = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9+.-]*://\S+$", max_length=2000)]
_Step = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class Transport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way out: a name for the health page, apprise's URL, and the step of the roster that reads it."""

    name: _Word
    url: _Address
    reaches: str = ""  # a step of the order; nothing: whoever is asked first, so every alert

    def __repr__(self) -> str:
        return f"Transport({self.name})"


class Heartbeat(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An address outside that raises an alarm when it is no longer asked for."""

    url: Annotated[str, msgspec.Meta(pattern=r"^https?://\S+$", max_length=2000)]
    every_minutes: Annotated[int, msgspec.Meta(ge=1, le=60)] = 5

    def __repr__(self) -> str:
        return "Heartbeat()"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything of the file. What is unset has the value that tells an observer least."""

    every_minutes: Annotated[int, msgspec.Meta(ge=5, le=1440)] = 60
    urgent: bool = False
    acknowledge_within_minutes: Annotated[int, msgspec.Meta(ge=1, le=120)] = 10
    order: Annotated[tuple[_Step, ...], msgspec.Meta(min_length=1, max_length=12)] = USUAL
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=40)] = "Desk"
    transport: tuple[Transport, ...] = ()
    heartbeat: Heartbeat | None = None

    @property
    def every(self) -> timedelta:
        return timedelta(minutes=self.every_minutes)

    @property
    def within(self) -> timedelta:
        return timedelta(minutes=self.acknowledge_within_minutes)

    def step_of(self, transport: Transport) -> int:
        """From which step of the roster on this transport tells of an alert."""
        return self.order.index(transport.reaches) if transport.reaches else 0


NONE = Settings()


def read(credentials: Path) -> Settings:
    """The settings; without a file nothing goes out. Raises `BadSettings` with the mend."""
    path = credentials / NAME
    if not path.exists():
        return NONE
    try:
        found = msgspec.toml.decode(_private(path), type=Settings)
    except msgspec.ValidationError as error:  # names the field and what it should be, never what stands there
        raise BadSettings(f"{NAME}: {error}") from None
    except msgspec.DecodeError:
        raise BadSettings(f"{NAME} is no TOML") from None
    _check(found)
    return found


def _private(path: Path) -> bytes:
    try:
        with path.open("rb") as source:
            mode = os.fstat(source.fileno()).st_mode
            content = source.read(SIZE_MAX + 1) if stat.S_ISREG(mode) else b""
    except OSError as error:
        raise BadSettings(f"{NAME} cannot be read ({type(error).__name__})") from None
    if not stat.S_ISREG(mode) or len(content) > SIZE_MAX:
        raise BadSettings(f"{NAME} is no file of settings")
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadSettings(f"{NAME} can be read by others; run: chmod 600 {NAME}")
    return content


def _check(found: Settings) -> None:
    names = [one.name for one in found.transport]
    if len(set(names)) != len(names):
        raise BadSettings(f"{NAME}: two transports have the same name")
    if len(set(found.order)) != len(found.order):
        raise BadSettings(f"{NAME}: a step stands twice in the order")
    for one in found.transport:
        if one.reaches and one.reaches not in found.order:
            raise BadSettings(f"{NAME}: the transport {one.name} reaches nobody of the order")
