# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig

from safeconduct.desk.audit import registry as acts


class AlertsConfig(AppConfig):
    name = "safeconduct.desk.alerts"
    label = "alerts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from safeconduct.desk.alerts import audited, registry  # noqa: PLC0415 -- lazy texts need the loaded apps

        acts.register(audited.ACTS)
        registry.register(audited.KINDS)
