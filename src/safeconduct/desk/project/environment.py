# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every setting of the desk, read from the environment once and strictly. What is unset has the safe value."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from safeconduct.desk.project.errors import BadSetting
from safeconduct.spool.contract import SPOOL_BYTES_DEFAULT, SPOOL_BYTES_LEAST, SPOOL_BYTES_MOST

YES, NO = "yes", "no"
DESK, CUSTODY = "desk", "custody"  # the two houses under this roof (R20)
_PORT = {DESK: 8801, CUSTODY: 8802}
PREFIX = "SAFECONDUCT_"
DJANGO_KEY_BYTES = range(32, 65)
NAME_MOST = 60  # as for any Power that the register names
PORTS = range(1, 65_536)


@dataclass(frozen=True, slots=True, repr=False)
class Environment:
    """What the desk was told at start. `django_key` is empty when its credential is missing: a system check says so."""

    house: str
    home: Path
    credentials: Path
    database_url: str
    origin: str
    listen: str
    threads: int
    idle_seconds: int
    demonstration: bool
    spool_bytes: int
    backup_keys: Path
    files: Path
    prompts: Path
    bureau_folder: str
    detaining_power: str
    django_key: str

    @property
    def state(self) -> Path:
        """The folder of this house: its database, and what else only it may read."""
        return self.home / self.house

    @property
    def bureau(self) -> Path:
        """Where custody lays packages for the Bureau (`out`) and finds what it sent (`in`)."""
        return Path(self.bureau_folder) if self.bureau_folder else self.state / "bureau"

    @property
    def secrets(self) -> Path:
        """The credentials of this house."""
        return self.credentials / self.house

    @property
    def host(self) -> str:
        """The only host name that requests may carry."""
        return urlsplit(self.origin).hostname or ""

    @property
    def over_tls(self) -> bool:
        return self.origin.startswith("https://")


def read(source: Mapping[str, str] = os.environ) -> Environment:
    """Parse the environment. Raises `BadSetting` with the name and the mend; the value is never repeated."""
    home = Path(source.get(PREFIX + "HOME") or "var")
    credentials = Path(source.get(PREFIX + "CREDENTIALS") or home / "credentials")
    house = _house(source)
    door = house.upper()
    return Environment(
        house=house,
        home=home,
        credentials=credentials,
        database_url=_secret(source, f"{door}_DATABASE_URL"),
        origin=_origin(source, f"{door}_ORIGIN", f"http://localhost:{_PORT[house]}"),
        listen=_listen(source, f"{door}_LISTEN", f"127.0.0.1:{_PORT[house]}"),
        threads=_number(source, "DESK_THREADS", 8, range(4, 65)),
        idle_seconds=60 * _number(source, "DESK_IDLE_MINUTES", 10, range(1, 61)),
        demonstration=_switch(source, "DEMONSTRATION"),
        spool_bytes=_number(source, "SPOOL_BYTES", SPOOL_BYTES_DEFAULT, range(SPOOL_BYTES_LEAST, SPOOL_BYTES_MOST + 1)),
        backup_keys=_backup_keys(source, house, credentials),
        files=Path(source.get(PREFIX + "FILES") or home / "files"),
        prompts=Path(source.get(PREFIX + "PROMPTS") or home / "prompts"),
        bureau_folder=source.get(PREFIX + "BUREAU_FOLDER", ""),
        detaining_power=_name(source, "DETAINING_POWER"),
        django_key=_django_key(credentials / house / "django.key"),
    )


def _backup_keys(source: Mapping[str, str], house: str, credentials: Path) -> Path:
    """Each house has its own: who destroys custody's keys must not destroy the line's."""
    if house == CUSTODY:
        return Path(source.get(PREFIX + "CUSTODY_BACKUP_KEYS") or credentials / CUSTODY / "backup")
    return Path(source.get(PREFIX + "BACKUP_KEYS") or credentials / "backup")


def _house(source: Mapping[str, str]) -> str:
    value = source.get(PREFIX + "HOUSE") or DESK
    if value not in _PORT:
        raise BadSetting(f"{PREFIX}HOUSE must be {' or '.join(_PORT)}")
    return value


def _secret(source: Mapping[str, str], name: str) -> str:
    """A value of its own, or the content of the file that `…_FILE` names; never both."""
    value, file = source.get(PREFIX + name, ""), source.get(PREFIX + name + "_FILE", "")
    if value and file:
        raise BadSetting(f"{PREFIX}{name} and {PREFIX}{name}_FILE are both set; keep one")
    if not file:
        return value
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"{PREFIX}{name}_FILE cannot be read; name a readable text file") from error


def _origin(source: Mapping[str, str], name: str, default: str) -> str:
    value = source.get(PREFIX + name) or default
    parts = urlsplit(value)
    local = parts.hostname == "localhost"
    if parts.scheme not in ("https", "http") or not parts.hostname or value != f"{parts.scheme}://{parts.netloc}":
        raise BadSetting(f"{PREFIX}{name} must be scheme and host only, such as https://desk.example.org")
    if parts.scheme == "http" and not local and not parts.hostname.endswith(".onion"):
        raise BadSetting(f"{PREFIX}{name} must be https:// unless the host is localhost or an onion service")
    return value


def _listen(source: Mapping[str, str], name: str, default: str) -> str:
    value = source.get(PREFIX + name) or default
    host, _, port = value.rpartition(":")
    if not (host and port.isascii() and port.isdigit() and int(port) in PORTS):
        raise BadSetting(f"{PREFIX}{name} must be HOST:PORT, such as 127.0.0.1:8801")
    return value


def _number(source: Mapping[str, str], name: str, default: int, allowed: range) -> int:
    value = source.get(PREFIX + name) or str(default)
    if not (value.isascii() and value.isdigit() and int(value) in allowed):
        raise BadSetting(f"{PREFIX}{name} must be a whole number from {allowed.start} to {allowed.stop - 1}")
    return int(value)


def _name(source: Mapping[str, str], name: str) -> str:
    """Words for one line of a form; empty when nobody said them."""
    value = source.get(PREFIX + name, "")
    if value != value.strip() or not value.isprintable() or len(value) > NAME_MOST:
        raise BadSetting(f"{PREFIX}{name} must be one line of at most {NAME_MOST} letters, without spaces around it")
    return value


def _switch(source: Mapping[str, str], name: str) -> bool:
    value = source.get(PREFIX + name) or NO
    if value not in (YES, NO):
        raise BadSetting(f"{PREFIX}{name} must be {YES} or {NO}")
    return value == YES


def _django_key(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError:
        return ""
    return raw.hex() if len(raw) in DJANGO_KEY_BYTES else ""
