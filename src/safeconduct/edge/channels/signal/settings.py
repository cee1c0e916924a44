# SPDX-License-Identifier: AGPL-3.0-or-later
"""channels/signal.toml. README.md says what each setting is for."""

import asyncio
from typing import Annotated

import msgspec

from safeconduct.edge.channels.errors import SettingsRefused

_ME = "channels/signal.toml"
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    socket: str | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] | None = None
    account: str | None = None  # only where the daemon serves several
    disappear_seconds: Annotated[int, msgspec.Meta(ge=0, le=4 * 7 * 86_400)] = 86_400
    patience_seconds: Annotated[float, msgspec.Meta(gt=0, le=600)] = 60.0

    def __repr__(self) -> str:
        return "Settings(…)"

    def check(self) -> None:
        """Raises `SettingsRefused`. The daemon knows no password and no encryption: it is reached on this machine only."""
        if (self.socket is None) == (self.port is None):
            raise SettingsRefused(f"{_ME}: give either socket or port")
        if self.host not in _LOOPBACK:
            raise SettingsRefused(f"{_ME}: host must be this machine; reach another through a tunnel")

    async def connected(self, limit: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Raises `OSError`. `limit` is that of a line, in bytes."""
        if self.socket is not None:
            return await asyncio.open_unix_connection(self.socket, limit=limit)
        return await asyncio.open_connection(self.host, self.port, limit=limit)
