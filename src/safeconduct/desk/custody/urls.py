# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from safeconduct.desk.custody import (
    altered_pages,
    camp_pages,
    card_page,
    cards_page,
    duty_pages,
    number_page,
    person_pages,
    registration_page,
    standing_pages,
)

app_name = "custody"
urlpatterns = [
    path("duties/", duty_pages.board, name="board"),
    path("duties/over-time/", duty_pages.over_time, name="over-time"),
    path("duties/<slug:code>/", duty_pages.duty, name="duty"),
    path("persons/", person_pages.people, name="people"),
    path("persons/<slug:number>/", person_pages.person, name="person"),
    path("persons/<slug:number>/enter/", person_pages.enter, name="enter"),
    path("persons/<slug:number>/correct/<slug:event>/", person_pages.correct, name="correct"),
    path("persons/<slug:number>/details/", person_pages.details, name="details"),
    path("persons/<slug:number>/number/", number_page.number, name="number"),
    path("persons/<slug:number>/registration/", registration_page.registration, name="registration"),
    path("persons/<slug:number>/card/", card_page.card, name="card"),
    path("register/", person_pages.register, name="register"),
    path("camps/", camp_pages.camps, name="camps"),
    path("camps/<int:pk>/", camp_pages.camp, name="camp"),
    path("camps/<int:pk>/cards/", cards_page.cards, name="cards"),
    path("camps/<int:pk>/change/", standing_pages.change, name="change-camp"),
    path("camps/<int:pk>/open/", standing_pages.reopen, name="reopen-camp"),
    path("altered/", altered_pages.altered, name="altered"),
    path("altered/<int:pk>/set-aside/", altered_pages.set_aside, name="set-aside"),
    path("commanders/", standing_pages.commanders, name="commanders"),
    path("camps/<int:pk>/correct/<slug:event>/", camp_pages.correct, name="correct-camp"),
    path("camps/<int:pk>/enter/", camp_pages.enter, name="enter-camp"),
]
