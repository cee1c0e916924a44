# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from safeconduct.desk.custody.reception import arrival_pages, blank_pages, effects_pages, health_pages

app_name = "reception"
urlpatterns = [
    path("arrivals/", arrival_pages.arrivals_page, name="arrivals"),
    path("arrivals/<int:pk>/", arrival_pages.sheet_page, name="sheet"),
    path("persons/<slug:number>/arrival/", health_pages.arrival, name="arrival"),
    path("persons/<slug:number>/arrival/minor/", health_pages.minor, name="minor"),
    path("persons/<slug:number>/effects/", effects_pages.effects, name="effects"),
    path("persons/<slug:number>/effects/back/", effects_pages.back, name="back"),
    path("persons/<slug:number>/effects/sent/", effects_pages.sent, name="sent"),
    path("persons/<slug:number>/effects/<int:receipt>/paper/", effects_pages.paper, name="receipt"),
    path("persons/<slug:number>/effects/<int:receipt>/copy/", effects_pages.copy, name="copy"),
    path("persons/<slug:number>/effects/<int:receipt>/strike/", effects_pages.strike, name="strike"),
    path("forms/", blank_pages.blank_forms, name="forms"),
    path("forms/<slug:form>/<slug:language>/", blank_pages.blank_form, name="form"),
]
