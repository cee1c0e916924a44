# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.audit import registry


class PostConfig(AppConfig):
    name = "safeconduct.desk.custody.post"
    label = "custody_post"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from safeconduct.desk.custody import rooms  # noqa: PLC0415 -- they need the loaded apps
        from safeconduct.desk.custody.post import audited  # noqa: PLC0415

        registry.register(audited.ACTS)
        rooms.register(
            persons=[rooms.Link("post:person", "custody.post_ledger", _("Mail"), rooms.Group.PAPERS)],
            camps=[rooms.Link("post:camp", "custody.post_ledger", _("Mail of this month"), rooms.Group.PAPERS)],
        )
