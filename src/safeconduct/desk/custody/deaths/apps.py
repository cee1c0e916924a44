# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.alerts import registry as alerts
from safeconduct.desk.audit import registry


class DeathsConfig(AppConfig):
    name = "safeconduct.desk.custody.deaths"
    label = "custody_deaths"

    def ready(self) -> None:
        from safeconduct.desk.custody import rooms  # noqa: PLC0415 -- it needs the loaded apps
        from safeconduct.desk.custody.deaths import access, audited, watching  # noqa: PLC0415 -- for the same reason

        registry.register(audited.ACTS)
        alerts.register(audited.KINDS)
        rooms.register(
            persons=[
                rooms.Link("deaths:death", "custody.death", _("Death"), rooms.Group.MOVEMENTS, shown=access.is_there)
            ],
            gates=[watching.require_death],
            afters=[watching.strike_what_followed, watching.ring],
        )
