# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from safeconduct.desk.custody.names import pages

app_name = "names"
urlpatterns = [path("names/", pages.names, name="search")]
