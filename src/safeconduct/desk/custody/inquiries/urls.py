# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from safeconduct.desk.custody.inquiries import pages

app_name = "inquiries"
urlpatterns = [
    path("inquiries/", pages.inquiries, name="inquiries"),
    path("inquiries/ask/", pages.ask, name="ask"),
    path("inquiries/<int:pk>/", pages.inquiry, name="inquiry"),
    path("inquiries/<int:pk>/answer/", pages.answer, name="answer"),
    path("inquiries/<int:pk>/nobody/", pages.nobody, name="nobody"),
]
