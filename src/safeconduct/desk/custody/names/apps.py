# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.audit import registry
from safeconduct.desk.operators import destroying
from safeconduct.desk.operators.destroying import Destroyer


class NamesConfig(AppConfig):
    name = "safeconduct.desk.custody.names"
    label = "custody_names"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from safeconduct.desk.custody import rooms  # noqa: PLC0415 -- they need the loaded apps
        from safeconduct.desk.custody.names import audited, indexing  # noqa: PLC0415

        registry.register(audited.ACTS)
        rooms.register(keepers=[indexing.keep])
        rooms.when_unlocked(indexing.catch_up)
        destroying.register(
            [Destroyer("custody.names", _("Tokens by which names are found"), indexing.count, indexing.destroy)]
        )
