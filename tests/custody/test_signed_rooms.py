# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each room keeps sealed is read only as this house wrote it: visits, complaints, inquiries and exchange lists."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from tests.custody.conftest import ARRIVAL
from tests.desk.conftest import House

from safeconduct.desk.custody import signing
from safeconduct.desk.custody.camplife import sealed as visits
from safeconduct.desk.custody.camplife.models import Visit
from safeconduct.desk.custody.camplife.models import Words as VisitWords
from safeconduct.desk.custody.complaints import sealed as complaints
from safeconduct.desk.custody.complaints.models import Complaint
from safeconduct.desk.custody.complaints.models import Page as ComplaintPage
from safeconduct.desk.custody.errors import PageAltered
from safeconduct.desk.custody.inquiries import sealed as inquiries
from safeconduct.desk.custody.inquiries.models import Inquiry
from safeconduct.desk.custody.inquiries.models import Words as InquiryWords
from safeconduct.desk.custody.models import Camp
from safeconduct.desk.custody.wishes import list_sealing
from safeconduct.desk.custody.wishes.models import ExchangeList
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.bureau import Inquiry as Asked
from safeconduct.vocabulary.camplife import RefusalTold
from safeconduct.vocabulary.complaints import ComplaintTold
from safeconduct.vocabulary.wishes import Listing

pytestmark = pytest.mark.rule("T6")


@dataclass
class Kept:
    """A page that a room keeps: its rows, and reading it as its office does."""

    rows: Any
    read: Callable[[], object]


def keyring(house: House, role: Role) -> Keyring:
    who = house.person(role)
    return Keyring(who.operator, house.opened(who))


def a_visit(house: House, camp: Camp) -> Kept:
    visit = Visit.objects.create(camp=camp, body="ICRC", asked=ARRIVAL)
    kind = visits.refused(1)
    visits.keep(visit, kind, RefusalTold(reason="the road is shelled", until=ARRIVAL, salt=bytes(16)))
    keys = keyring(house, Role.REGISTRAR)
    return Kept(VisitWords.objects.filter(team="custody"), lambda: visits.newest(keys, visit, kind, RefusalTold))


def a_complaint(house: House, _camp: Camp) -> Kept:
    complaint = Complaint.objects.create(ticket=secrets.token_bytes(32), entered=ARRIVAL, is_ill_treatment=False)
    complaints.keep(complaint, ComplaintTold(words="There is no light."))
    keys = keyring(house, Role.COUNSEL)
    return Kept(ComplaintPage.objects.filter(team="counsel"), lambda: complaints.opened(keys, complaint))


def an_inquiry(house: House, _camp: Camp) -> Kept:
    inquiry = Inquiry.objects.create(entered=ARRIVAL)
    inquiries.keep(inquiry, inquiries.ASKED, Asked(name="Choe Min"))
    keys = keyring(house, Role.BUREAU)
    return Kept(InquiryWords.objects.all(), lambda: inquiries.every(keys, inquiry, inquiries.ASKED, Asked))


def a_list(house: House, _camp: Camp) -> Kept:
    row = ExchangeList(day=ARRIVAL, count=0)
    list_sealing.close(row, Listing(entries=(), struck="", salt=""))
    row.save()
    keys = keyring(house, Role.REGISTRAR)
    return Kept(ExchangeList.objects.all(), lambda: list_sealing.opened(keys, ExchangeList.objects.get()))


@pytest.mark.parametrize("make", [a_visit, a_complaint, an_inquiry, a_list])
@pytest.mark.parametrize("said", [{"signature": b""}, {"key_version": 2}, {"body": b"another"}], ids=str)
def test_a_room_reads_what_it_wrote_and_nothing_that_was_altered(
    house: House, camp: Camp, make: Callable[[House, Camp], Kept], said: dict[str, Any]
) -> None:
    kept = make(house, camp)
    assert kept.read()
    kept.rows.update(**said)
    with pytest.raises(PageAltered):
        kept.read()


def test_a_page_of_one_complaint_stands_for_no_other(house: House, camp: Camp) -> None:
    kept = a_complaint(house, camp)
    a_complaint(house, camp)
    kept.rows.update(complaint=Complaint.objects.latest("pk"))
    assert len(signing.altered()[1]) == 1
