# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig

from safeconduct.desk.approvals import registry as approvals
from safeconduct.desk.audit import registry


class PhrasebookConfig(AppConfig):
    name = "safeconduct.desk.phrasebook"
    label = "phrasebook"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from safeconduct.desk.phrasebook import audited  # noqa: PLC0415 -- its lazy texts need the loaded apps

        registry.register(audited.ACTS)
        approvals.register(audited.KINDS)
