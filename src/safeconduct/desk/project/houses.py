# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two houses under one roof (R20): the desk of the line, and custody. One process serves one of them.

What both need (people and their keys, the record, two people's approval, alerts, the emergency) is the same code, with a
database, cookies, keys, teams and people of its own in each. Neither can open anything of the other.
"""

from dataclasses import dataclass

from safeconduct.desk.project.environment import CUSTODY, DESK


@dataclass(frozen=True, slots=True)
class House:
    """What one house has besides what both have. On one host cookies are shared by its ports, so their names differ."""

    apps: tuple[str, ...]
    urls: str
    cookie: str
    unlock_cookie: str
    known_cookie: str
    csrf_cookie: str
    middleware: tuple[str, ...] = ()


HOUSES = {
    DESK: House(
        apps=(
            "safeconduct.desk.phrasebook",
            "safeconduct.desk.cases",
            "safeconduct.desk.shifts",
            "safeconduct.desk.handover",
            "safeconduct.desk.telephone",
        ),
        urls="safeconduct.desk.project.urls",
        cookie="__Host-desk",
        unlock_cookie="__Host-unlock",
        known_cookie="__Host-known",
        csrf_cookie="__Host-csrf",
    ),
    CUSTODY: House(
        apps=(
            "safeconduct.desk.custody",
            "safeconduct.desk.custody.movements",
            "safeconduct.desk.custody.wishes",
            "safeconduct.desk.custody.names",
            "safeconduct.desk.custody.medical",
            "safeconduct.desk.custody.deaths",
            "safeconduct.desk.custody.hostilities",
            "safeconduct.desk.custody.camplife",
            "safeconduct.desk.custody.complaints",
            "safeconduct.desk.custody.reception",
            "safeconduct.desk.custody.post",
            "safeconduct.desk.custody.bureau",
            "safeconduct.desk.custody.inquiries",
        ),
        urls="safeconduct.desk.project.custody_urls",
        cookie="__Host-custody",
        unlock_cookie="__Host-custody-unlock",
        known_cookie="__Host-custody-known",
        csrf_cookie="__Host-custody-csrf",
        middleware=(
            "safeconduct.desk.custody.bounds.CampBounds",
            "safeconduct.desk.custody.altered_pages.AlteredPages",
        ),
    ),
}
