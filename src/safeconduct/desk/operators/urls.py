# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from safeconduct.desk.operators import views

app_name = "operators"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("unlock/", views.unlock, name="unlock"),
    path("lock/", views.lock, name="lock"),
    path("sign-out/", views.sign_out, name="sign-out"),
]
