# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig

from safeconduct.desk.alerts import registry as alerts
from safeconduct.desk.audit import registry


class BureauConfig(AppConfig):
    name = "safeconduct.desk.custody.bureau"
    label = "custody_bureau"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _  # noqa: PLC0415 -- they need the loaded apps

        from safeconduct.desk.custody import rooms  # noqa: PLC0415
        from safeconduct.desk.custody.bureau import audited, making  # noqa: PLC0415

        registry.register(audited.ACTS)
        alerts.register(audited.KINDS)
        rooms.register(
            persons=[rooms.Link("bureau:person", "custody.worry", _("The Bureau and the Power"), rooms.Group.WISHES)],
            afters=[making.follow],
            keepers=[making.keep],
        )
