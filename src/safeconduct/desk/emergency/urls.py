# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from safeconduct.desk.emergency import page

app_name = "emergency"
urlpatterns = [
    path("keys/emergency/", page.page, name="page"),
    path("keys/emergency/lock/", page.lock, name="lock"),
    path("keys/emergency/lift/", page.propose_lift, name="propose-lift"),
    path("keys/emergency/lift/<int:pk>/", page.lift, name="lift"),
    path("keys/emergency/destroy/", page.propose_destruction, name="propose-destruction"),
    path("keys/emergency/destroy/<int:pk>/", page.destroy, name="destroy"),
]
