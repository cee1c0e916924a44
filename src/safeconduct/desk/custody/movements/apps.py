# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig

from safeconduct.desk.alerts import registry as alerts
from safeconduct.desk.audit import registry


class MovementsConfig(AppConfig):
    name = "safeconduct.desk.custody.movements"
    label = "custody_movements"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from safeconduct.desk.custody import rooms  # noqa: PLC0415 -- they need the loaded apps
        from safeconduct.desk.custody.movements import audited, following, languages, links  # noqa: PLC0415

        registry.register(audited.ACTS)
        alerts.register(audited.KINDS)
        rooms.register(
            persons=links.PERSONS,
            camps=links.CAMPS,
            gates=[following.gate],
            afters=[following.after],
            keepers=[languages.keep],
        )
        rooms.when_unlocked(languages.catch_up)
        rooms.hold_open(following.require_nobody_on_their_way)
