# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path, register_converter

from safeconduct.desk.handover import cell_pages, codes_page, link_page, plan_page, sheet_pages, unit_pages


class HandoverNumber:
    """As it is said aloud: five figures."""

    regex = "[0-9]{5}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(HandoverNumber, "handover")

app_name = "handover"
urlpatterns = [
    path("handovers/", cell_pages.overview, name="overview"),
    path("handovers/start/", cell_pages.start, name="start"),
    path("handovers/<handover:number>/", cell_pages.handover, name="handover"),
    path("handovers/<handover:number>/plan/", plan_page.plan, name="plan"),
    path("handovers/<handover:number>/propose/", cell_pages.propose, name="propose"),
    path("handovers/<handover:number>/recall/", cell_pages.recall, name="recall"),
    path("handovers/<handover:number>/approve/", cell_pages.approve, name="approve"),
    path("handovers/<handover:number>/refuse/", cell_pages.refuse, name="refuse"),
    path("handovers/<handover:number>/release/", cell_pages.release, name="release"),
    path("handovers/<handover:number>/reissue/", cell_pages.reissue, name="reissue"),
    path("handovers/<handover:number>/words/", codes_page.tell, name="codes"),
    path("handovers/<handover:number>/outcome/", cell_pages.outcome, name="outcome"),
    path("handovers/<handover:number>/link/", link_page.link, name="link"),
    path("handovers/<handover:number>/link/open/", link_page.open_link, name="link-open"),
    path("units/", unit_pages.overview, name="units"),
    path("units/add/", unit_pages.add, name="unit-add"),
    path("units/<int:pk>/", unit_pages.change, name="unit"),
    path("units/<int:pk>/people/", unit_pages.people, name="unit-people"),
    path("units/<int:pk>/retire/", unit_pages.retire, name="unit-retire"),
    path("units/people/<int:pk>/dismiss/", unit_pages.dismiss, name="unit-dismiss"),
    path("sheets/", sheet_pages.overview, name="sheets"),
    path("sheets/<handover:number>/", sheet_pages.sheet, name="sheet"),
    path("sheets/<handover:number>/outcome/", sheet_pages.outcome, name="sheet-outcome"),
]
