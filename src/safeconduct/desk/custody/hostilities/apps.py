# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig

from safeconduct.desk.approvals import registry as approvals
from safeconduct.desk.audit import registry


class HostilitiesConfig(AppConfig):
    name = "safeconduct.desk.custody.hostilities"
    label = "custody_hostilities"

    def ready(self) -> None:
        from safeconduct.desk.custody import rooms  # noqa: PLC0415 -- it needs the loaded apps
        from safeconduct.desk.custody.hostilities import acts, audited, kinds  # noqa: PLC0415 -- for the same reason

        registry.register(audited.ACTS)
        approvals.register(kinds.KINDS)
        rooms.register(afters=[acts.follow])
