# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig

from safeconduct.desk.audit import registry


class CasesConfig(AppConfig):
    name = "safeconduct.desk.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from safeconduct.desk.cases import audited, checks  # noqa: PLC0415, F401 -- both need the loaded apps

        registry.register(audited.ACTS)
