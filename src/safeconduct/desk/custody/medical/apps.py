# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.alerts import registry as alerts
from safeconduct.desk.audit import registry


class MedicalConfig(AppConfig):
    name = "safeconduct.desk.custody.medical"
    label = "custody_medical"

    def ready(self) -> None:
        from safeconduct.desk.custody import rooms  # noqa: PLC0415 -- it needs the loaded apps
        from safeconduct.desk.custody.medical import audited, watching  # noqa: PLC0415 -- for the same reason

        registry.register(audited.ACTS)
        alerts.register(audited.KINDS)
        rooms.register(
            persons=[rooms.Link("medical:sheet", "custody.medical", _("Medical sheet"), rooms.Group.PAPERS)],
            camps=[rooms.Link("medical:ward", "custody.medical", _("Inspections due"), rooms.Group.CAMP)],
            afters=[watching.ring],
        )
