# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig

from safeconduct.desk.alerts import registry as alerts
from safeconduct.desk.approvals import registry as approvals
from safeconduct.desk.audit import registry
from safeconduct.desk.operators import destroying
from safeconduct.desk.operators import rewrapping as rotation


class WishesConfig(AppConfig):
    name = "safeconduct.desk.custody.wishes"
    label = "custody_wishes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from safeconduct.desk.custody import rooms, signing  # noqa: PLC0415 -- they need the loaded apps
        from safeconduct.desk.custody.wishes import audited, effects, kinds, list_sealing  # noqa: PLC0415 -- the same

        registry.register(audited.ACTS)
        alerts.register(audited.KINDS)
        approvals.register(kinds.KINDS)
        rotation.register(list_sealing.REWRAPPERS)
        destroying.register(list_sealing.DESTROYERS)
        signing.register((list_sealing.TABLE,))
        rooms.register(persons=effects.LINKS, gates=[effects.gate], afters=[effects.follow])
        rooms.when_renumbered(effects.renumber)
