# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from safeconduct.desk.custody.hostilities import pages

app_name = "hostilities"
urlpatterns = [
    path("hostilities/", pages.hostilities, name="hostilities"),
    path("hostilities/propose/", pages.propose, name="propose"),
    path("hostilities/confirm/", pages.confirm, name="confirm"),
    path("hostilities/doubt/", pages.doubt, name="doubt"),
    path("hostilities/take-back/", pages.take_back, name="take-back"),
]
