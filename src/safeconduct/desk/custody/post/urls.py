# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from safeconduct.desk.custody.post import ledger_pages, pages

app_name = "post"
urlpatterns = [
    path("post/", pages.waiting, name="waiting"),
    path("post/sheet/", pages.sheet, name="sheet"),
    path("post/cards/", pages.cards, name="cards"),
    path("post/parcels/<int:pk>/", ledger_pages.parcel, name="parcel"),
    path("post/pieces/<int:pk>/strike/", ledger_pages.strike, name="strike"),
    path("persons/<slug:number>/mail/", ledger_pages.person, name="person"),
    path("camps/<int:pk>/mail/", ledger_pages.camp, name="camp"),
]
