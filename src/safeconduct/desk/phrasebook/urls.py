# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from safeconduct.desk.phrasebook import editing, pages

app_name = "phrasebook"
urlpatterns = [
    path("phrasebook/", pages.pick, name="pick"),
    path("phrasebook/favourite/", pages.favour, name="favour"),
    path("wordings/", editing.languages, name="languages"),
    path("wordings/drafts/<path:subject>/approve/", editing.approve, name="approve"),
    path("wordings/drafts/<path:subject>/", editing.draft, name="draft"),
    path("wordings/<slug:tag>/", editing.language, name="language"),
    path("wordings/<slug:tag>/all/", editing.propose_language, name="propose-language"),
    path("wordings/<slug:tag>/<slug:phrase>/", editing.wording, name="wording"),
]
