# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from safeconduct.desk.shifts import calendar_page, load_page, pages

app_name = "shifts"
urlpatterns = [
    path("shifts/", pages.shifts, name="shifts"),
    path("shifts/<int:pk>/", pages.shift, name="shift"),
    path("shifts/<int:pk>/acknowledge/", pages.acknowledge, name="acknowledge"),
    path("load/", load_page.load_page, name="load"),
    path("load/promises/", calendar_page.calendar, name="calendar"),
    path("escalations/", load_page.escalations, name="escalations"),
    path("escalations/<int:pk>/acknowledge/", load_page.acknowledge, name="take"),
]
