# SPDX-License-Identifier: AGPL-3.0-or-later
"""The addresses of custody. None of the desk's is here, and none of these is there (R20)."""

from django.urls import include, path

from safeconduct.desk.project import custody_health, own_ways, record_page, refusals, views

urlpatterns = [
    path("", views.home, name="home"),
    path("help/", views.help_page, name="help"),
    path("mine/", own_ways.mine, name="mine"),
    path("health/", custody_health.health, name="health"),
    path("audit/", record_page.record, name="record"),
    path("", include("safeconduct.desk.operators.urls")),
    path("", include("safeconduct.desk.emergency.urls")),
    path("", include("safeconduct.desk.alerts.urls")),
    path("", include("safeconduct.desk.approvals.urls")),
    path("", include("safeconduct.desk.custody.urls")),
    path("", include("safeconduct.desk.custody.movements.urls")),
    path("", include("safeconduct.desk.custody.wishes.urls")),
    path("", include("safeconduct.desk.custody.complaints.urls")),
    path("", include("safeconduct.desk.custody.post.urls")),
    path("", include("safeconduct.desk.custody.medical.urls")),
    path("", include("safeconduct.desk.custody.reception.urls")),
    path("", include("safeconduct.desk.custody.deaths.urls")),
    path("", include("safeconduct.desk.custody.hostilities.urls")),
    path("", include("safeconduct.desk.custody.camplife.urls")),
    path("", include("safeconduct.desk.custody.bureau.urls")),
    path("", include("safeconduct.desk.custody.names.urls")),
    path("", include("safeconduct.desk.custody.inquiries.urls")),
]

handler400 = refusals.bad_request
handler403 = refusals.refused
handler404 = refusals.not_found
handler500 = refusals.broken
