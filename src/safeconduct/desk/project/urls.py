# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import include, path

from safeconduct.desk.project import (
    duty_page,
    health,
    listening_page,
    own_ways,
    record_page,
    refusals,
    skills_page,
    views,
)

urlpatterns = [
    path("", views.home, name="home"),
    path("help/", views.help_page, name="help"),
    path("mine/", own_ways.mine, name="mine"),
    path("audit/", record_page.record, name="record"),
    path("duty/", duty_page.page, name="duty"),
    path("duty/card/", duty_page.card, name="duty-card"),
    path("duty/begin/", duty_page.begin, name="duty-begin"),
    path("duty/end/", duty_page.end, name="duty-end"),
    path("people/<int:pk>/skills/", skills_page.page, name="skills"),
    path("prompts/", listening_page.languages, name="prompts"),
    path("prompts/<slug:tag>/", listening_page.language, name="prompts-of"),
    path("prompts/<slug:tag>/<str:text_hash>.wav", listening_page.sound, name="prompt"),
    path("health/", health.health, name="health"),
    path("", include("safeconduct.desk.operators.urls")),
    path("", include("safeconduct.desk.emergency.urls")),
    path("", include("safeconduct.desk.alerts.urls")),
    path("", include("safeconduct.desk.phrasebook.urls")),
    path("", include("safeconduct.desk.approvals.urls")),
    path("", include("safeconduct.desk.cases.urls")),
    path("", include("safeconduct.desk.shifts.urls")),
    path("", include("safeconduct.desk.handover.urls")),
    path("", include("safeconduct.desk.telephone.urls")),
]

handler400 = refusals.bad_request
handler403 = refusals.refused
handler404 = refusals.not_found
handler500 = refusals.broken
