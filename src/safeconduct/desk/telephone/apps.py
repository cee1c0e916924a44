# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig

from safeconduct.desk.audit import registry


class TelephoneConfig(AppConfig):
    name = "safeconduct.desk.telephone"
    label = "telephone"

    def ready(self) -> None:
        from safeconduct.desk.telephone import audited  # noqa: PLC0415 -- its sentences need the loaded apps

        registry.register(audited.ACTS)
