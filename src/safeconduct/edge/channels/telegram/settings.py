# SPDX-License-Identifier: AGPL-3.0-or-later
"""`channels/telegram.toml`. What a mistake in it means is said at start, with the mend and without the secret."""

import re
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec

from safeconduct.edge.channels.errors import SettingsRefused
from safeconduct.edge.channels.private_files import read_private_line

BASE_URL: Final = "https://api.telegram.org"
_TOKEN: Final = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{30,100}")
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{32,256}")  # Telegram's alphabet; fewer characters could be guessed


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    token: str = ""
    token_file: str = ""
    mode: Literal["polling", "webhook"] = "polling"
    webhook_url: str = ""
    webhook_secret: str = ""
    webhook_secret_file: str = ""
    base_url: str = BASE_URL
    poll_seconds: Annotated[int, msgspec.Meta(ge=1, le=50)] = 25

    def __repr__(self) -> str:
        return "Settings(…)"


def token_of(settings: Settings) -> str:
    """Raises `SettingsRefused` unless there is one token, in its usual shape: it becomes a part of every URL."""
    token = _one("token", settings.token, settings.token_file)
    if not _TOKEN.fullmatch(token):
        raise SettingsRefused("telegram: token is not what BotFather gave")
    return token


def secret_of(settings: Settings) -> str:
    """What Telegram says at our door to be let in; empty when it need not come. Raises `SettingsRefused`."""
    if settings.mode == "polling":
        return ""
    if not settings.webhook_url.startswith("https://"):
        raise SettingsRefused("telegram: webhook_url must begin with https://")
    secret = _one("webhook_secret", settings.webhook_secret, settings.webhook_secret_file)
    if not _SECRET.fullmatch(secret):
        raise SettingsRefused("telegram: webhook_secret must be 32 to 256 of A-Z a-z 0-9 _ -")
    return secret


def _one(name: str, value: str, file: str) -> str:
    if bool(value) == bool(file):
        raise SettingsRefused(f"telegram: give {name} or {name}_file, one of them")
    return value or read_private_line(Path(file))
