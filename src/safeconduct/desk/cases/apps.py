# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig

from safeconduct.desk.audit import registry
from safeconduct.desk.operators import rewrapping as team_keys


class CasesConfig(AppConfig):
    name = "safeconduct.desk.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from safeconduct.desk.cases import audited, checks, rewrapping  # noqa: PLC0415, F401 -- they need the loaded apps

        registry.register(audited.ACTS)
        team_keys.register(rewrapping.REWRAPPERS)
