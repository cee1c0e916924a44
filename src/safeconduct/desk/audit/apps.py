# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "safeconduct.desk.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
