# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig

from safeconduct.desk.alerts import registry as alerts
from safeconduct.desk.audit import registry
from safeconduct.desk.operators import destroying
from safeconduct.desk.operators import rewrapping as rotation


class InquiriesConfig(AppConfig):
    name = "safeconduct.desk.custody.inquiries"
    label = "custody_inquiries"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from safeconduct.desk.custody import rooms, signing  # noqa: PLC0415 -- they need the loaded apps
        from safeconduct.desk.custody.inquiries import again, audited, sealed  # noqa: PLC0415

        registry.register(audited.ACTS)
        alerts.register(audited.KINDS)
        rotation.register(sealed.REWRAPPERS)
        destroying.register(sealed.DESTROYERS)
        signing.register((sealed.TABLE,))
        rooms.when_unlocked(again.catch_up)
