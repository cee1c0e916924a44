# SPDX-License-Identifier: AGPL-3.0-or-later
"""A person at the running line, without a screen."""

import re
from typing import Any

import html5lib
import httpx
from tests.journey.conftest import PERSONS_ADDRESS, Line

PAGES = {"en", "uk", "ru", "ko-KP", "ar"}


class Person:
    """A browser without a screen: sends what the forms ask for, and nothing else."""

    def __init__(self, line: Line, tag: str) -> None:
        self._line = line
        self.tag = tag if tag in PAGES else "en"

    def post(self, page: str, fields: dict[str, str]) -> httpx.Response:
        parts = [(name, (None, value)) for name, value in fields.items()]
        with httpx.Client(transport=httpx.HTTPTransport(local_address=PERSONS_ADDRESS)) as client:
            return client.post(f"{self._line.edge}/{self.tag}/{page}", files=parts)

    def apply(self, application: dict[str, Any]) -> str:
        """Both posts of the form. The receipt's digits."""
        review = self.post("apply", answers_of(application))
        assert review.status_code == 200, review.text
        stored = self.post("apply", _hidden(review.text))
        assert stored.status_code == 200, stored.text
        found = re.search(r'id="receipt".*?</p>', stored.text, re.DOTALL)
        assert found
        return re.sub(r"\D", "", re.sub(r"<[^>]*>", "", found.group()[12:]))

    def open(self, digits: str) -> httpx.Response:
        return self.post("inbox", {"receipt": digits})

    def write(self, digits: str, text: str) -> httpx.Response:
        page = self.open(digits).text
        form = next(part for part in page.split("<form")[1:] if "<textarea" in part)
        return self.post("inbox", {**_hidden("<form" + form), "text": text})

    def erase(self, digits: str) -> httpx.Response:
        sure = self.post("inbox", {**_hidden(self.open(digits).text), "act": "erase"})
        return self.post("inbox", {**_hidden(sure.text), "act": "erase", "sure": "yes"})


def answers_of(application: dict[str, Any]) -> dict[str, str]:
    rule = application["safe_contact"]
    answers = {
        "type": application["type"], "stage": application["stage"], "language": application["language"],
        "contact": rule["channel"] if rule else "never", "text": application["messages"][0],
    }  # fmt: skip
    if application["type"] == "unit":
        answers["head_count"] = str(application["head_count"])
    if rule:
        answers |= {"contact_from": rule["from"], "contact_to": rule["to"], "contact_zone": rule["timezone"]}
        answers["neutral_text"] = "yes" if rule["neutral_text"] else "no"
    if application["duress_word"]:
        answers["duress_word"] = application["duress_word"]
    return answers


def _hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's first form that has any, read by a real parser."""
    spaces = "{http://www.w3.org/1999/xhtml}"
    for form in html5lib.parse(page).iter(f"{spaces}form"):
        fields = {
            e.get("name", ""): e.get("value", "") for e in form.iter(f"{spaces}input") if e.get("type") == "hidden"
        }
        fields |= {
            e.get("name", ""): e.text or "" for e in form.iter(f"{spaces}textarea") if e.get("hidden") is not None
        }
        if fields:
            return fields
    return {}
