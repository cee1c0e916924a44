# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from safeconduct.desk.custody.complaints import pages

app_name = "complaints"
urlpatterns = [
    path("complaints/", pages.complaints, name="list"),
    path("complaint/", pages.write, name="write"),
    path("complaint/sealed/", pages.sealed, name="sealed"),
    path("complaints/<int:pk>/", pages.complaint, name="complaint"),
    path("complaints/<int:pk>/take-up/", pages.take_up, name="take-up"),
    path("complaints/<int:pk>/forward/", pages.forward, name="forward"),
    path("complaints/<int:pk>/answer/", pages.answer, name="answer"),
    path("complaints/<int:pk>/paper/", pages.paper, name="paper"),
    path("persons/<slug:number>/complaint/", pages.write, name="write-of"),
]
