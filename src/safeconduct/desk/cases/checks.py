# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from safeconduct.desk.cases import keys
from safeconduct.desk.cases.errors import CredentialRefused


@register(Tags.security)
def doors_are_known(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Without them nothing of the edge could be believed, and no edge would believe a reply."""
    del app_configs
    try:
        keys.read_doors(settings.DESK.credentials)
    except CredentialRefused as refused:
        return [Error(str(refused), hint=keys.MEND, id="safeconduct.E007")]
    return []


@register(Tags.security)
def delivery_is_known(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """A file that is there and cannot be read would silently keep every answer out of the chats."""
    del app_configs
    try:
        keys.read_delivery(settings.DESK.credentials)
    except CredentialRefused as refused:
        return [Error(str(refused), hint=keys.DELIVERY_MEND, id="safeconduct.E008")]
    return []
