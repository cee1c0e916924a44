# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from safeconduct.desk.custody.camplife import day_pages, election_pages, visit_pages

app_name = "camplife"
urlpatterns = [
    path("camps/<int:pk>/days/", day_pages.days, name="days"),
    path("camps/<int:pk>/days/enter/", day_pages.enter, name="enter-day"),
    path("camps/<int:pk>/days/post/", day_pages.post, name="post"),
    path("camps/<int:pk>/representatives/", election_pages.representatives, name="representatives"),
    path("camps/<int:pk>/representatives/elect/", election_pages.elect, name="elect"),
    path(
        "camps/<int:pk>/representatives/elections/<int:election>/strike/", election_pages.strike, name="strike-election"
    ),
    path("camps/<int:pk>/representatives/<int:who>/end/", election_pages.end, name="end"),
    path("camps/<int:pk>/representatives/<int:who>/decide/", election_pages.decide, name="decide"),
    path("camps/<int:pk>/visits/", visit_pages.log, name="visits"),
    path("camps/<int:pk>/visits/ask/", visit_pages.ask, name="ask"),
    path("camps/<int:pk>/visits/print/", visit_pages.printed, name="print-visits"),
    path("camps/<int:pk>/visits/<int:visit>/", visit_pages.visit, name="visit"),
    path("camps/<int:pk>/visits/<int:visit>/made/", visit_pages.make, name="make"),
    path("camps/<int:pk>/visits/<int:visit>/strike/", visit_pages.strike, name="strike-visit"),
    path("camps/<int:pk>/visits/<int:visit>/propose/", visit_pages.propose, name="propose"),
    path("camps/<int:pk>/visits/<int:visit>/refuse/", visit_pages.refuse, name="refuse"),
]
