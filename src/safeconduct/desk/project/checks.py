# SPDX-License-Identifier: AGPL-3.0-or-later
"""What must hold before the desk starts. Each check has an id and says the mend."""

import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from safeconduct.desk.audit import access, appender
from safeconduct.desk.audit.errors import NoMonitorKey, NoSigningKey
from safeconduct.desk.operators.models import TeamKey
from safeconduct.desk.project.environment import Environment

MAKE_KEYS = "Make them with `safeconduct keys`; docs/install.md tells the order. To try it out: `make up`."
DEMONSTRATION_MARK = "DEMONSTRATION"
SAY_SO = "Use a real line's keys, or set SAFECONDUCT_DEMONSTRATION=yes to try it out."


@register(Tags.security)
def django_key(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Signatures and tokens would be forgeable without it."""
    del app_configs
    if _desk().django_key:
        return []
    words = f"{_desk().house}/django.key is not among the credentials, or does not hold 32 to 64 bytes."
    return [Error(words, hint=MAKE_KEYS, id="safeconduct.E001")]


@register(Tags.security)
def signing_key(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Without it the chain of the record could not be signed, nor replies be believed by the other door."""
    del app_configs
    try:
        appender.signing_key()
    except NoSigningKey as error:
        return [Error(str(error), hint=MAKE_KEYS, id="safeconduct.E002")]
    return []


@register(Tags.security)
def demonstration_credentials(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Nothing of a demonstration can be mistaken for production."""
    del app_configs
    if _desk().demonstration or not _mark().exists():
        return []
    return [Error("The credentials are a demonstration's.", hint=SAY_SO, id="safeconduct.E003")]


@register(Tags.security)
def rights_of_the_database_file(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Only the desk's own user may read its file."""
    del app_configs
    path = _desk().state / f"{_desk().house}.db"
    if _desk().database_url or not path.exists() or not stat.S_IMODE(path.stat().st_mode) & 0o077:
        return []
    return [Error("Others may read the desk's database.", hint=f"chmod 600 {path.name}*", id="safeconduct.E004")]


@register(Tags.database)
def monitor_key(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Nothing is done at the desk that nobody could ever check (R49)."""
    del app_configs
    if not databases or not _has_table("audit_monitorkey"):
        return []
    try:
        access.monitor_key()
    except NoMonitorKey:
        return [Error("The monitor team has no key: no act could be recorded.", hint=MAKE_KEYS, id="safeconduct.E005")]
    return []


@register(Tags.database)
def demonstration_teams(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """A team key that a demonstration made is known to whoever read its folder."""
    del app_configs
    if not databases or _desk().demonstration or not _has_table("operators_teamkey"):
        return []
    if not TeamKey.objects.filter(demonstration=True).exists():
        return []
    return [Error("A team's key is a demonstration's.", hint=SAY_SO, id="safeconduct.E006")]


def _mark() -> Path:
    """Of the desk it lies beside both doors' secrets, of custody among its own."""
    return (_desk().credentials if _desk().house == "desk" else _desk().secrets) / DEMONSTRATION_MARK


def _desk() -> Environment:
    desk: Environment = settings.DESK
    return desk


def _has_table(name: str) -> bool:
    """Before the first migration there is nothing to check."""
    return name in connections["default"].introspection.table_names()
