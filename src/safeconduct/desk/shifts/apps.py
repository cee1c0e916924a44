# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig

from safeconduct.desk.alerts import registry as alerts
from safeconduct.desk.audit import registry


class ShiftsConfig(AppConfig):
    name = "safeconduct.desk.shifts"
    label = "shifts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from safeconduct.desk.shifts import audited  # noqa: PLC0415 -- lazy texts need the loaded apps

        registry.register(audited.ACTS)
        alerts.register(audited.KINDS)
