# SPDX-License-Identifier: AGPL-3.0-or-later
"""A person at the door: reads the pages as a browser does, fills in what they offer, presses the button."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

import html5lib
import httpx

HTML = "{http://www.w3.org/1999/xhtml}"
ANSWERS: Mapping[str, str] = {"type": "individual", "stage": "front", "language": "en", "contact": "web"}


@dataclass
class Page:
    """What came back, and what it offers."""

    answer: httpx.Response
    tree: Element = field(init=False)

    def __post_init__(self) -> None:
        self.tree = html5lib.parse(self.answer.text)

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def text(self) -> str:
        body = next(self.tree.iter(HTML + "body"))
        return " ".join("".join(body.itertext()).split())

    def all(self, name: str) -> list[Element]:
        return list(self.tree.iter(HTML + name))

    def by_id(self, name: str) -> Element:
        return next(element for element in self.tree.iter() if element.get("id") == name)

    def has(self, name: str) -> bool:
        return any(element.get("id") == name for element in self.tree.iter())

    @property
    def hidden(self) -> dict[str, str]:
        """The hidden fields of the first form that has any."""
        return {e.get("name", ""): e.get("value", "") for e in self.all("input") if e.get("type") == "hidden"}

    @property
    def receipt(self) -> str:
        return "".join("".join(self.by_id("receipt").itertext()).split())

    @property
    def replies(self) -> list[str]:
        return ["".join(p.itertext()) for p in self.all("p") if p.get("class") == "said"]


@dataclass
class Person:
    """One browser in one language."""

    client: httpx.AsyncClient
    tag: str = "en"

    async def get(self, page: str) -> Page:
        return Page(await self.client.get(f"/{self.tag}/{page}"))

    async def post(self, page: str, fields: Mapping[str, str]) -> Page:
        parts = [(name, (None, value)) for name, value in fields.items()]
        return Page(await self.client.post(f"/{self.tag}/{page}", files=parts))

    async def review(self, **answers: str) -> Page:
        return await self.post("apply", {**ANSWERS, **answers})

    async def apply(self, **answers: str) -> Page:
        """Both posts; the page with the receipt."""
        return await self.post("apply", (await self.review(**answers)).hidden)

    async def open(self, receipt: str) -> Page:
        return await self.post("inbox", {"receipt": receipt})

    async def act(self, inbox: Page, act: str, **fields: str) -> Page:
        """Press one of the buttons of an open inbox."""
        hidden = inbox.hidden
        return await self.post("inbox", {"ticket": hidden["ticket"], "act": act, **fields})

    async def write(self, inbox: Page, text: str) -> Page:
        carried = {name: value for name, value in inbox.hidden.items() if name not in {"ticket", "act"}}
        return await self.act(inbox, "write", **carried, text=text)

    async def erase(self, inbox: Page) -> Page:
        return await self.act(await self.act(inbox, "erase"), "erase", sure="yes")
