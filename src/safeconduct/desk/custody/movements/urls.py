# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from safeconduct.desk.custody.movements import list_pages, paper_page, place_pages

app_name = "movements"
urlpatterns = [
    path("journeys/", list_pages.lists, name="lists"),
    path("journeys/<int:pk>/", list_pages.one_list, name="list"),
    path("journeys/<int:pk>/add/", list_pages.add, name="add"),
    path("journeys/<int:pk>/strike/<int:row>/", list_pages.strike, name="strike"),
    path("journeys/<int:pk>/tell/", list_pages.tell, name="tell"),
    path("journeys/<int:pk>/doctor/", list_pages.say_fit, name="say-fit"),
    path("journeys/<int:pk>/depart/", list_pages.depart, name="depart"),
    path("journeys/<int:pk>/arrive/", list_pages.arrive, name="arrive"),
    path("journeys/<int:pk>/late/<int:row>/", list_pages.arrive_late, name="arrive-late"),
    path("journeys/<int:pk>/call-off/", list_pages.call_off, name="call-off"),
    path("journeys/<int:pk>/paper/", paper_page.paper, name="paper"),
    path("allocation/", place_pages.allocation, name="allocation"),
    path("camps/<int:pk>/journey/", list_pages.draw_up, name="draw-up"),
    path("camps/<int:pk>/allocation/", place_pages.allocate_all, name="allocate-all"),
    path("camps/<int:pk>/quarters/", place_pages.quarters, name="quarters"),
    path("persons/<slug:number>/allocation/", place_pages.allocate, name="allocate"),
    path("persons/<slug:number>/comrades/", place_pages.comrades_of, name="comrades"),
]
