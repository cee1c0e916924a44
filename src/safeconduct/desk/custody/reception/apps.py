# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.audit import registry


class ReceptionConfig(AppConfig):
    name = "safeconduct.desk.custody.reception"
    label = "custody_reception"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from safeconduct.desk.custody import rooms  # noqa: PLC0415 -- it needs the loaded apps
        from safeconduct.desk.custody.reception import audited, effects_owed  # noqa: PLC0415 -- for the same reason

        registry.register(audited.ACTS)
        rooms.register(
            persons=[
                rooms.Link("reception:arrival", "custody.arrival", _("Health on arrival"), rooms.Group.PAPERS),
                rooms.Link("reception:effects", "custody.effects", _("Effects"), rooms.Group.PAPERS),
            ],
            afters=[effects_owed.follow],
        )
