# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from safeconduct.desk.custody.deaths import pages

app_name = "deaths"
urlpatterns = [
    path("deaths/", pages.deaths, name="index"),
    path("deaths/<slug:number>/", pages.death, name="death"),
    path("deaths/<slug:number>/write/", pages.write, name="write"),
    path("deaths/<slug:number>/examine/", pages.examine, name="examine"),
    path("deaths/<slug:number>/print/", pages.printed, name="print"),
]
