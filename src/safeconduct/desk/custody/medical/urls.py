# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from safeconduct.desk.custody.medical import ill_pages, pages, sheet_pages

app_name = "medical"
urlpatterns = [
    path("medical/", pages.index, name="index"),
    path("medical/seriously-ill/", ill_pages.seriously_ill, name="seriously-ill"),
    path("medical/seriously-ill/<slug:number>/", ill_pages.word, name="word-of"),
    path("medical/camps/<int:pk>/", pages.ward, name="ward"),
    path("medical/persons/<slug:number>/", sheet_pages.sheet, name="sheet"),
    path("medical/persons/<slug:number>/inspect/", sheet_pages.inspect, name="inspect"),
    path("medical/persons/<slug:number>/inspections/<slug:event>/", sheet_pages.correct, name="correct"),
    path("medical/persons/<slug:number>/state/", sheet_pages.describe, name="describe"),
    path("medical/persons/<slug:number>/note/", sheet_pages.note, name="note"),
    path("medical/persons/<slug:number>/transfer/", sheet_pages.transfer, name="transfer"),
    path("medical/persons/<slug:number>/word/", sheet_pages.word, name="word"),
    path("medical/persons/<slug:number>/print/", sheet_pages.printed, name="print"),
]
