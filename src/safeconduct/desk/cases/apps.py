# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig

from safeconduct.desk.alerts import registry as alerts
from safeconduct.desk.approvals import registry as approvals
from safeconduct.desk.audit import registry
from safeconduct.desk.operators import destroying as emergency
from safeconduct.desk.operators import rewrapping as team_keys


class CasesConfig(AppConfig):
    name = "safeconduct.desk.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from safeconduct.desk.cases import (  # noqa: PLC0415 -- they need the loaded apps
            audited,
            checks,  # noqa: F401
            destroying,
            merging,
            rewrapping,
        )

        registry.register(audited.ACTS)
        alerts.register(audited.KINDS)
        approvals.register(merging.KINDS)
        team_keys.register(rewrapping.REWRAPPERS)
        emergency.register(destroying.DESTROYERS)
