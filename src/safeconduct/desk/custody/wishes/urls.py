# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from safeconduct.desk.custody.wishes import counsel_pages, list_pages, return_pages, wish_pages

app_name = "wishes"
urlpatterns = [
    path("persons/<slug:number>/wish/", wish_pages.wish, name="wish"),
    path("persons/<slug:number>/wish/record/", wish_pages.record, name="record"),
    path("wishes/sheet/<str:language>/", wish_pages.sheet, name="sheet"),
    path("persons/<slug:number>/return/", return_pages.coming, name="return"),
    path("persons/<slug:number>/return/check/", return_pages.check, name="return-check"),
    path("persons/<slug:number>/return/propose/", return_pages.propose, name="return-propose"),
    path("persons/<slug:number>/return/confirm/", return_pages.confirm, name="return-confirm"),
    path("persons/<slug:number>/counsel/", counsel_pages.to_counsel, name="to-counsel"),
    path("persons/<slug:number>/counsel/words/", counsel_pages.words, name="words"),
    path("counsel/", counsel_pages.counsel, name="counsel"),
    path("exchange/", list_pages.lists, name="lists"),
    path("exchange/<int:pk>/", list_pages.one, name="list"),
    path("exchange/<int:pk>/approve/", list_pages.approve, name="list-approve"),
    path("exchange/<int:pk>/hand-over/", list_pages.hand_over, name="list-hand-over"),
    path("exchange/<int:pk>/drop/", list_pages.drop, name="list-drop"),
    path("exchange/<int:pk>/told/", list_pages.told, name="list-told"),
    path("exchange/<int:pk>/paper/", list_pages.paper, name="list-paper"),
]
