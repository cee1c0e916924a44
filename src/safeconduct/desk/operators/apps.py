# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig

from safeconduct.desk.audit import registry


class OperatorsConfig(AppConfig):
    name = "safeconduct.desk.operators"
    label = "operators"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from safeconduct.desk.operators import audited, destroyed, destroying  # noqa: PLC0415 -- they need the loaded apps

        registry.register(audited.ACTS)
        destroying.register(destroyed.DESTROYERS)
