# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from safeconduct.desk.alerts import pages

app_name = "alerts"
urlpatterns = [
    path("alerts/", pages.page, name="page"),
    path("alerts/head/", pages.head, name="head"),
    path("alerts/<slug:alert>/take/", pages.take, name="take"),
]
