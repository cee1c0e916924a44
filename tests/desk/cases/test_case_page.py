# SPDX-License-Identifier: AGPL-3.0-or-later
import html
import re
from typing import Any

import html5lib
import pytest
from django.test import Client
from tests.desk.cases.conftest import Line, Person
from tests.desk.conftest import House

from safeconduct.desk.audit import records
from safeconduct.desk.audit.models import Entry
from safeconduct.desk.cases.models import Outgoing, StoredEnvelope
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.applications import ApplicationType, Kind
from safeconduct.vocabulary.contact import SafeContactRule
from safeconduct.vocabulary.records import ErasureWish

POISON = (
    '<script>alert(1)</script> =HYPERLINK("x") &amp; \'"\r\n\t\x00\x07\x1b\x7f\u202eабв\u202c\u2066\u200b\u200b'
    "\ufeff\u2028 ⟦RLO⟧ ␀ a\u0301\u0301 क्\u200dष 👨\u200d👩 \ue000 \U000e0041" + "ы" * 400
)


def read_back(page: str) -> list[str]:
    """What a reader of the page recovers: texts as they are, and for each mark what stands behind it."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    return ["".join(_raw(one)) for one in tree.iter("bdi") if one.get("class") == "said"]


def _raw(bubble: Any) -> list[str]:
    found = [bubble.text or ""]
    for mark in bubble:
        point, _, times = mark.get("data-raw").partition("*")
        found += [chr(int(point, 16)) * int(times or 1), mark.tail or ""]
    return found


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return html.unescape(found.group(1))


def said(page: str, text: str) -> dict[str, str]:
    return {"text": text, "seen": hidden(page, "seen"), "form": hidden(page, "form")}


def opened(operator: Client, line: Line, person: Person) -> tuple[str, str]:
    address = f"/cases/{line.case(person).number}/"
    return address, operator.get(address).content.decode()


@pytest.mark.rule("T8")
def test_every_character_of_a_message_can_be_read_back_from_the_page(line: Line, operator: Client) -> None:
    someone = line.apply_new(POISON)
    line.collect()
    _, page = opened(operator, line, someone)
    assert read_back(page) == [POISON]
    assert "<script>alert" not in page
    assert "\u202e" not in page


@pytest.mark.rule("R2", "R4")
def test_the_facts_are_told_in_words(line: Line, operator: Client) -> None:
    rule = SafeContactRule("telegram", "22:00", "05:30", "Europe/Moscow", neutral_text=True)
    someone = line.apply(line.new_person(), type=ApplicationType.UNIT, head_count=4000, safe_contact=rule)
    line.collect()
    _, page = opened(operator, line, someone)
    for words in ("A unit", "At the front", "4,000", "Look at this number", "Russian", "Neutral only"):
        assert words in page
    assert "Telegram, from 22:00 to 05:30, Moscow time" in page


def test_no_rule_means_never(line: Line, person: Person, operator: Client) -> None:
    assert "Never. Answers only wait in the inbox" in opened(operator, line, person)[1]


@pytest.mark.rule("R49")
def test_opening_a_case_is_recorded_with_name_and_number(
    line: Line, person: Person, operator: Client, house: House
) -> None:
    address, _ = opened(operator, line, person)
    told = records.open_sealed(bytes(Entry.objects.order_by("pk").last().sealed), house.keys["monitor"])  # type: ignore[union-attr]
    assert (told.actor, told.act, told.subject) == ("operator one", "cases.read", address.split("/")[2])


def test_a_reply_is_sent_once_and_shown_as_ours(line: Line, person: Person, operator: Client) -> None:
    address, page = opened(operator, line, person)
    form = said(page, "Мы вас видим.\r\nЖдите ответа здесь.")
    for _ in range(2):
        answer = operator.post(f"{address}reply/", form)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{address}#end")
    assert Outgoing.objects.count() == 1
    assert read_back(operator.get(address).content.decode())[-1] == "Мы вас видим.\nЖдите ответа здесь."
    assert line.case(person).state == "answered"


def test_a_reply_that_is_too_long_is_refused_with_every_character_kept(
    line: Line, person: Person, operator: Client
) -> None:
    address, page = opened(operator, line, person)
    text = "<щ>\n" * 2501
    answer = operator.post(f"{address}reply/", said(page, text))
    assert answer.status_code == 400
    again = answer.content.decode()
    assert "10,000 characters can be sent; these are 4 too many." in again
    box = re.search(r'<textarea id="reply"[^>]*>\n(.*?)</textarea>', again, re.DOTALL)
    assert box is not None
    assert html.unescape(box.group(1)).strip("\n") == text.strip("\n")
    assert not Outgoing.objects.exists()


def test_a_reply_of_exactly_the_limit_is_sent(line: Line, person: Person, operator: Client) -> None:
    address, page = opened(operator, line, person)
    assert operator.post(f"{address}reply/", said(page, "щ\r\n" * 5000)).status_code == 303


@pytest.mark.rule("T8")
@pytest.mark.parametrize(
    "spoilt", [{"text": ""}, {"text": " \n"}, {"seen": "x"}, {"form": "0"}, {"seen": "9" * 40}, {"text": "a\0b"}]
)
def test_a_spoilt_form_is_shown_again(line: Line, person: Person, operator: Client, spoilt: dict[str, str]) -> None:
    address, page = opened(operator, line, person)
    answer = operator.post(f"{address}reply/", said(page, "живой текст") | spoilt)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert not Outgoing.objects.exists()


def test_a_note_looks_like_nothing_that_is_sent(line: Line, person: Person, operator: Client) -> None:
    address, page = opened(operator, line, person)
    assert operator.post(f"{address}note/", said(page, "спросить врача")).status_code == 303
    after = operator.get(address).content.decode()
    assert '<li class="bubble note">' in after
    assert "спросить врача" in after
    assert line.case(person).state == "open"


def test_a_text_posted_to_a_locked_desk_is_there_again_after_the_lock(
    line: Line, person: Person, operator: Client, house: House
) -> None:
    address, page = opened(operator, line, person)
    operator.post("/lock/")
    answer = operator.post(f"{address}reply/", said(page, "почти дописал"))
    assert answer.status_code == 303
    assert "/unlock/" in answer.headers["Location"]
    assert not StoredEnvelope.objects.filter(purpose=2).exists()
    me = house.person(Role.OPERATOR)
    operator.post("/unlock/", me.said())
    back = operator.get(address).content.decode()
    assert "\nпочти дописал</textarea>" in back
    operator.post(f"{address}reply/", said(back, "дописал"))
    assert "почти дописал" not in operator.get(address).content.decode()


def test_a_draft_that_comes_after_its_reply_was_sent_is_dropped(line: Line, person: Person, operator: Client) -> None:
    address, page = opened(operator, line, person)
    form = said(page, "отправлено")
    assert operator.post(f"{address}reply/draft/", form).content.decode() == "Kept as a draft"
    operator.post(f"{address}reply/", form)
    operator.post(f"{address}reply/draft/", form)
    assert "отправлено</textarea>" not in operator.get(address).content.decode()


def test_a_case_is_settled_closed_and_put_back_by_buttons(line: Line, person: Person, operator: Client) -> None:
    address, page = opened(operator, line, person)
    for move, state in (("settle", "answered"), ("close", "closed"), ("return", "open")):
        answer = operator.post(f"{address}status/", {"move": move, "seen": hidden(page, "seen")})
        assert answer.status_code == 303
        assert line.case(person).state == state
        operator.get(address)


@pytest.mark.rule("R14")
@pytest.mark.parametrize(("move", "status"), [("return", 409), ("fly", 400), ("", 400)])
def test_a_move_that_is_not_listed_changes_nothing(
    line: Line, person: Person, operator: Client, move: str, status: int
) -> None:
    address, page = opened(operator, line, person)
    assert operator.post(f"{address}status/", {"move": move, "seen": hidden(page, "seen")}).status_code == status
    assert line.case(person).state == "open"


def test_an_open_page_hears_that_the_person_wrote_but_not_what(line: Line, person: Person, operator: Client) -> None:
    address, page = opened(operator, line, person)
    asked = f"{address}news/?seen={hidden(page, 'seen')}"
    assert operator.get(asked, headers={"HX-Request": "true"}).status_code == 204
    line.write(person, "ещё одно")
    line.collect()
    before = Entry.objects.count()
    told = operator.get(asked, headers={"HX-Request": "true"}).content.decode()
    assert "The person has written again" in told
    assert "ещё одно" not in told
    assert Entry.objects.count() == before
    line.erase(person)
    line.collect()
    gone = operator.get(asked, headers={"HX-Request": "true"})
    assert gone.headers["HX-Redirect"].startswith("/queue/?erased=")


@pytest.mark.rule("R5")
def test_duress_is_loud_on_the_page(line: Line, person: Person, operator: Client) -> None:
    assert '<div class="notice now duress"' not in opened(operator, line, person)[1]
    line.write(person, "малина", duress=True)
    line.collect()
    page = opened(operator, line, person)[1]
    assert '<div class="notice now duress" role="alert">' in page


def test_a_colleague_who_has_it_open_is_named(line: Line, person: Person, operator: Client, colleague: Client) -> None:
    address, page = opened(operator, line, person)
    assert "</strong> opened this case" not in page
    assert "<strong>operator one</strong> opened this case" in colleague.get(address).content.decode()


def test_a_person_who_only_wishes_to_be_erased_can_be_read(line: Line, person: Person, operator: Client) -> None:
    line.put(person, line.seal(person, ErasureWish(), Kind.MESSAGE))
    line.collect()
    assert "wishes that everything be erased" in opened(operator, line, person)[1]


@pytest.mark.rule("T6")
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.MONITOR])
@pytest.mark.parametrize(
    "address", ["/queue/", "/queue/rows/", "/queue/find/?number=26-0001", "/queue/closed/", "{}", "{}news/"]
)
def test_nobody_but_an_operator_sees_that_cases_exist(
    line: Line, person: Person, house: House, role: Role, address: str
) -> None:
    browser = house.signed_in(role)
    assert browser.get(address.format(f"/cases/{line.case(person).number}/")).status_code == 404


@pytest.mark.rule("T6")
@pytest.mark.parametrize("act", ["reply/", "note/", "status/", "reply/draft/", "note/draft/"])
def test_nobody_but_an_operator_acts_on_a_case(line: Line, person: Person, administrator: Client, act: str) -> None:
    address = f"/cases/{line.case(person).number}/{act}"
    assert administrator.post(address, {"text": "x", "seen": 0, "form": "0" * 32, "move": "close"}).status_code == 404
    assert line.case(person).state == "new"


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_case_of_nobody_is_no_page(line: Line, operator: Client, method: str) -> None:
    for rest in ("", "reply/", "note/", "news/"):
        assert getattr(operator, method)(f"/cases/26-9999/{rest}").status_code in {404, 405, 204}
