# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig

from safeconduct.desk.audit import registry


class ApprovalsConfig(AppConfig):
    name = "safeconduct.desk.approvals"
    label = "approvals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from safeconduct.desk.approvals import audited  # noqa: PLC0415 -- its lazy texts need the loaded apps

        registry.register(audited.ACTS)
