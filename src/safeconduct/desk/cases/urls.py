# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path, register_converter

from safeconduct.desk.cases import (
    case_page,
    cell_page,
    claim_page,
    file_page,
    fold_page,
    marks_page,
    merging_page,
    need_page,
    person_page,
    phrases,
    printing,
    queue_page,
    saved_page,
    search_page,
    together_page,
    unit_page,
    unread_page,
)


class Number:
    """A case's number, as it is said aloud: year and serial."""

    regex = r"[0-9]{2}-[0-9]{4,9}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Shelf:
    """A list of cases that wait for nothing."""

    regex = "|".join(sorted(queue_page.SHELVES))

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class EnvelopeName:
    """An envelope's id, in hex."""

    regex = r"[0-9a-f]{32}"

    def to_python(self, value: str) -> bytes:
        return bytes.fromhex(value)

    def to_url(self, value: bytes) -> str:
        return bytes(value).hex()


register_converter(EnvelopeName, "envelope")
register_converter(Number, "number")
register_converter(Shelf, "shelf")

app_name = "cases"
urlpatterns = [
    path("queue/", queue_page.queue_page, name="queue"),
    path("queue/rows/", queue_page.queue_rows, name="rows"),
    path("queue/next/", claim_page.next_case, name="next"),
    path("queue/find/", queue_page.find, name="find"),
    path("queue/fold/", fold_page.fold, name="fold"),
    path("queue/fold/put-away/", fold_page.put_away, name="put-away"),
    path("queue/unread/", unread_page.unread, name="unread"),
    path("queue/filters/", saved_page.filters, name="filters"),
    path("queue/filters/keep/", saved_page.keep, name="keep-filter"),
    path("queue/<shelf:state>/", queue_page.shelf, name="shelf"),
    path("cases/<number:number>/", case_page.case, name="case"),
    path("cases/<number:number>/person/", person_page.person, name="person"),
    path("cases/<number:number>/duplicates/", person_page.duplicates, name="duplicates"),
    path("cases/<number:number>/merge/<number:other>/", merging_page.page, name="merge"),
    path("cases/<number:number>/together/", together_page.page, name="together"),
    path("search/", search_page.page, name="search"),
    path("cases/<number:number>/files/<envelope:envelope>/", file_page.file, name="file"),
    path("cases/<number:number>/files/<envelope:envelope>/shown/", file_page.file_shown, name="file-shown"),
    path("cases/<number:number>/claim/", claim_page.claim, name="claim"),
    path("cases/<number:number>/need/", need_page.say, name="need"),
    path("cases/<number:number>/holder/", claim_page.holder, name="holder"),
    path("cases/<number:number>/marks/", marks_page.marks, name="marks"),
    path("cases/<number:number>/marks/mark/", marks_page.mark, name="mark"),
    path("cases/<number:number>/unit/", unit_page.unit, name="unit"),
    path("cases/<number:number>/unit/change/", unit_page.change, name="unit-change"),
    path("cases/<number:number>/under/", fold_page.under, name="under"),
    path("cases/<number:number>/unfold/", fold_page.unfold, name="unfold"),
    path("cases/<number:number>/print/", printing.page, name="print"),
    path("cases/<number:number>/news/", case_page.news, name="news"),
    path("cases/<number:number>/reply/", case_page.reply, name="reply"),
    path("cases/<number:number>/note/", case_page.note, name="note"),
    path("cases/<number:number>/reply/phrasebook/", phrases.open_phrasebook, name="phrasebook"),
    path("cases/<number:number>/reply/phrase/", phrases.put, name="phrase"),
    path("cases/<number:number>/reply/draft/", case_page.draft_reply, name="draft-reply"),
    path("cases/<number:number>/note/draft/", case_page.draft_note, name="draft-note"),
    path("cases/<number:number>/status/", case_page.status, name="status"),
    path("cases/<number:number>/cell/offer/", cell_page.offer, name="cell-offer"),
    path("cases/<number:number>/cell/accept/", cell_page.accept, name="cell-accept"),
    path("cases/<number:number>/cell/give-back/", cell_page.give_back, name="cell-give-back"),
    path("cases/<number:number>/cell/move/<envelope:envelope>/", cell_page.move, name="cell-move"),
]
