# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "safeconduct.desk.alerts"
    label = "alerts"
    default_auto_field = "django.db.models.BigAutoField"
