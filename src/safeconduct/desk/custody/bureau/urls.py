# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from safeconduct.desk.custody.bureau import pages, upload_pages

app_name = "bureau"
urlpatterns = [
    path("bureau/", pages.packages, name="packages"),
    path("bureau/acknowledgements/", upload_pages.upload, name="upload"),
    path("bureau/send/", pages.send, name="send"),
    path("bureau/anew/", pages.make_anew, name="anew"),
    path("bureau/packages/<int:number>/", pages.package, name="package"),
    path("bureau/worries/", pages.waiting_worries, name="worries"),
    path("bureau/persons/<slug:number>/", pages.person, name="person"),
    path("bureau/persons/<slug:number>/worry/", pages.worry, name="worry"),
    path("bureau/persons/<slug:number>/decide/", pages.decide, name="decide"),
]
