# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig

from safeconduct.desk.audit import registry


class EmergencyConfig(AppConfig):
    name = "safeconduct.desk.emergency"
    label = "emergency"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from safeconduct.desk.approvals import registry as approvals  # noqa: PLC0415 -- they need the loaded apps
        from safeconduct.desk.emergency import audited, kinds  # noqa: PLC0415 -- the same

        registry.register(audited.ACTS)
        approvals.register(kinds.KINDS)
