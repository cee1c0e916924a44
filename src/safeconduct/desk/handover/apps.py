# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig

from safeconduct.desk.alerts import registry as alerts
from safeconduct.desk.approvals import registry as approvals
from safeconduct.desk.audit import registry
from safeconduct.desk.operators import rewrapping as rotation


class HandoverConfig(AppConfig):
    name = "safeconduct.desk.handover"
    label = "handover"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from safeconduct.desk.cases import leaving, planned, replies  # noqa: PLC0415 -- for the same reason
        from safeconduct.desk.handover import acts, audited, checking, kinds, rewrapping  # noqa: PLC0415 -- they need the loaded apps
        from safeconduct.desk.handover.planned import number_of  # noqa: PLC0415 -- the same

        registry.register(audited.ACTS)
        alerts.register(audited.KINDS)
        approvals.register(kinds.KINDS)
        rotation.register(rewrapping.REWRAPPERS)
        replies.register("handover", checking.no_words_beside_the_place)
        leaving.register("handover", acts.require_none_agreed)
        planned.register(number_of)
