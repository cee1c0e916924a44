# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig

from safeconduct.desk.alerts import registry as alerts
from safeconduct.desk.approvals import registry as approvals
from safeconduct.desk.audit import registry
from safeconduct.desk.operators import destroying
from safeconduct.desk.operators import rewrapping as rotation


class CustodyConfig(AppConfig):
    name = "safeconduct.desk.custody"
    label = "custody"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from safeconduct.desk.custody import audited, checks, registrations, rooms, sealed, signing  # noqa: PLC0415, F401 -- they need the loaded apps; Django registers checks then

        approvals.register(registrations.KINDS)
        rooms.register(gates=[registrations.gate])
        rooms.when_renumbered(registrations.renumber)
        registry.register(audited.ACTS)
        alerts.register(audited.KINDS)
        rotation.register(sealed.REWRAPPERS)
        destroying.register(sealed.DESTROYERS)
        signing.register((sealed.TABLE,))
