# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.alerts import registry as alerts
from safeconduct.desk.approvals import registry as approvals
from safeconduct.desk.audit import registry
from safeconduct.desk.operators import destroying
from safeconduct.desk.operators import rewrapping as rotation


class CamplifeConfig(AppConfig):
    name = "safeconduct.desk.custody.camplife"
    label = "custody_camplife"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from safeconduct.desk.custody import rooms, signing  # noqa: PLC0415 -- it needs the loaded apps
        from safeconduct.desk.custody.camplife import audited, kinds, sealed, watching  # noqa: PLC0415 -- for the same reason

        registry.register(audited.ACTS)
        alerts.register(audited.KINDS)
        approvals.register(kinds.KINDS)
        rotation.register(sealed.REWRAPPERS)
        destroying.register(sealed.DESTROYERS)
        signing.register((sealed.TABLE,))
        rooms.register(
            camps=[
                rooms.Link("camplife:days", "custody.camplife", _("Day sheet"), rooms.Group.CAMP),
                rooms.Link("camplife:representatives", "custody.camplife", _("Representatives"), rooms.Group.CAMP),
                rooms.Link("camplife:visits", "custody.camplife", _("Visits"), rooms.Group.CAMP),
            ],
            afters=[watching.after],
        )
