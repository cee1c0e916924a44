# SPDX-License-Identifier: AGPL-3.0-or-later
"""What must hold before custody starts, besides what must before any house does."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from safeconduct.desk.custody import first_signing
from safeconduct.desk.custody.models import Altered


@register(Tags.database)
def pages_are_signed(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Before it, every page would be refused; and nobody enters anything in between."""
    del app_configs
    if not databases or first_signing.is_done() or not _has_signatures():
        return []
    return [
        Error(
            "The pages of this register were never signed.",
            hint="Once, now, before custody starts: `safeconduct custody sign-pages`.",
            id="safeconduct.E007",
        )
    ]


def _has_signatures() -> bool:
    """Before the migrations there is nothing to sign."""
    return Altered._meta.db_table in connections["default"].introspection.table_names()  # noqa: SLF001 - Django's own way
