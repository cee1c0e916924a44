# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from safeconduct.desk.approvals import page

app_name = "approvals"
urlpatterns = [
    path("approvals/", page.waiting, name="waiting"),
    path("approvals/<int:pk>/refuse/", page.refuse, name="refuse"),
    path("approvals/<int:pk>/withdraw/", page.withdraw, name="withdraw"),
]
