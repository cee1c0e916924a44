# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "safeconduct.desk.project"
    label = "project"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from safeconduct.desk.alerts import registry as alerts  # noqa: PLC0415 -- the same
        from safeconduct.desk.operators import destroying  # noqa: PLC0415 -- models can be read once apps are loaded
        from safeconduct.desk.project import checks, destroyed, key_alerts  # noqa: PLC0415, F401 -- Django registers checks once apps are loaded

        destroying.register(destroyed.DESTROYERS)
        alerts.register(key_alerts.KINDS)
