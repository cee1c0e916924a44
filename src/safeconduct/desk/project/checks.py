# SPDX-License-Identifier: AGPL-3.0-or-later
"""What must hold before the desk starts. Each check has an id and says the mend."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from safeconduct.desk.audit.acts import monitor_key
from safeconduct.desk.audit.errors import NoMonitorKey

MAKE_KEYS = "Run `safeconduct keys` or, to try it out, `make up`."


@register(Tags.security)
def django_key_is_there(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Signatures and tokens would be forgeable without it."""
    del app_configs
    if settings.SECRET_KEY:
        return []
    where = "desk/django.key in SAFECONDUCT_CREDENTIALS must be readable and hold 32 to 64 bytes."
    return [Error(where, hint=MAKE_KEYS, id="safeconduct.E001")]


@register(Tags.database)
def monitor_key_is_there(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Nothing is done at the desk that nobody could ever check (R49)."""
    del app_configs
    if not databases or "audit_monitorkey" not in connections["default"].introspection.table_names():
        return []
    try:
        monitor_key()
    except NoMonitorKey:
        return [Error("The monitor team has no key: no act could be recorded.", hint=MAKE_KEYS, id="safeconduct.E002")]
    return []
