# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from safeconduct.desk.telephone import page

app_name = "telephone"
urlpatterns = [
    path("phone/", page.phone, name="phone"),
    path("phone/state/", page.state, name="state"),
    path("phone/colleagues/", page.colleagues, name="colleagues"),
    path("phone/answer/", page.answer, name="answer"),
    path("phone/hang-up/", page.hang_up, name="hang-up"),
    path("phone/hold/", page.hold, name="hold"),
    path("phone/press/", page.press, name="press"),
]
