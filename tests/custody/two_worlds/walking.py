# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody of each role opens every address there is and fills in every form that they find: a new room's too, unasked."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from tests.custody.two_worlds.stillness import MOMENT

LEFT_ALONE = {"operators", "emergency"}  # they would end the walk: locked, renamed, rotated
MOST_TIMES = 12  # of one role with one form
MOST_LINKS = 25  # of one role, besides the table: lists lead to lists
_HOLE = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")


@dataclass
class Form:
    """Where it goes, what stands in it, and what could be chosen in its first list."""

    action: str
    method: str
    said: dict[str, str] = field(default_factory=dict)
    choices: tuple[str, list[str]] | None = None


class Page(HTMLParser):
    """Its links and its forms, each field filled with the plainest thing that it takes."""

    def __init__(self, path: str, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._path = path
        self._select = self._area = ""
        self._open = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "a" and said.get("href", "").startswith(("/", "?")):
            self.links.append(urljoin(self._path, said["href"]))
        if tag == "form":
            action = urljoin(self._path, said.get("action") or self._path)
            self.forms.append(Form(action, said.get("method", "get").lower()))
            self._open = True
        if self._open and tag in {"input", "select", "option", "textarea", "button"}:
            self._take(tag, said)

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "form"
        if tag in {"select", "textarea"}:
            self._select = ""

    def _take(self, tag: str, said: dict[str, str]) -> None:
        form, name = self.forms[-1], said.get("name", "")
        if tag == "option" and self._select:
            self._choose(form, said.get("value", ""))
        elif tag == "select":
            self._select = name
        elif tag == "textarea" and name:
            form.said[name] = "words"
        elif tag == "input" and name and name != "csrfmiddlewaretoken":
            form.said[name] = _filled(said)
        elif tag == "button" and name:
            form.said.setdefault(name, said.get("value", ""))

    def _choose(self, form: Form, value: str) -> None:
        if not value:
            return
        form.said[self._select] = value
        if form.choices is None:
            form.choices = (self._select, [])
        if form.choices[0] == self._select:
            form.choices[1].append(value)


def _filled(said: dict[str, str]) -> str:
    kind, value = said.get("type", "text"), said.get("value", "")
    if kind == "date":
        return MOMENT.date().isoformat()
    if kind == "checkbox":
        return value or "on"
    return value or ("1" if kind == "number" else "word")


@dataclass
class Walker:
    """What one role sees. `values` fills the holes of addresses, by the hole's name or else by its kind."""

    role: str
    browser: Client
    values: dict[str, list[str]]
    seen: dict[str, str] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)  # the paths behind which there was a page
    _sent: dict[str, int] = field(default_factory=dict)

    def walk(self) -> None:
        """Every address of the table, and whatever these pages lead to; each form as soon as it is found."""
        waiting, known = list(dict.fromkeys(paths(self.values))), set[str]()
        most = len(waiting) + MOST_LINKS
        while waiting and len(known) < most:
            path = waiting.pop(0)
            if path in known:
                continue
            known.add(path)
            page = self._look(path)
            waiting.extend(page.links)
            for form in page.forms:
                self._send(form)

    def look_again(self) -> None:
        """At every page that there was, now that all offices have written."""
        for path in self.shown:
            self._look(path)

    def _look(self, path: str) -> Page:
        answer = self.browser.get(path)
        if answer.status_code == HTTPStatus.OK and path not in self.shown:
            self.shown.append(path)
        return Page(path, self._note(f"GET {path}", answer))

    def _send(self, form: Form) -> None:
        name = _name(form.action)
        if form.method != "post" or not name or name.partition(":")[0] in LEFT_ALONE:
            return
        field_, values = form.choices or ("", [""])
        for value in values:
            if self._sent.get(name, 0) >= MOST_TIMES:
                return
            self._sent[name] = self._sent.get(name, 0) + 1
            said = form.said | ({field_: value} if field_ else {})
            self._note(f"POST {form.action} {sorted(said.items())}", self.browser.post(form.action, said))

    def _note(self, what: str, answer: Any) -> str:
        """The whole of it: status, headers, cookies, body."""
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = str(body.decode("utf-8", "backslashreplace"))
        head = f"{answer.status_code}\n{sorted(answer.headers.items())}\n{answer.cookies}"
        self.seen[f"{len(self.seen):05} {self.role} {what}"] = f"{head}\n{text}"
        return text if "html" in answer.headers.get("Content-Type", "") else ""


def paths(values: dict[str, list[str]]) -> Iterator[str]:
    """Each address of this house, its holes filled with everything that fits."""
    for route in _routes(get_resolver().url_patterns, ""):
        if _name(f"/{route}", bare=True).partition(":")[0] in LEFT_ALONE and "<" in route:
            continue
        holes = list(_HOLE.finditer(route))
        fits = [values.get(hole["name"]) or values.get(hole["kind"] or "") or values["any"] for hole in holes]
        for chosen in _together(fits):
            yield "/" + _filled_in(route, chosen)


def _together(fits: list[list[str]]) -> Iterator[list[str]]:
    """The first of each, the second of each: what is about a row is mostly about the row of the same number before it."""
    for at in range(max(map(len, fits), default=1)):
        yield [values[at % len(values)] for values in fits]


def _filled_in(route: str, chosen: Iterable[str]) -> str:
    for value in chosen:
        route = _HOLE.sub(value, route, count=1)
    return route


def _routes(patterns: Iterable[URLPattern | URLResolver], before: str) -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield route


def _name(path: str, *, bare: bool = False) -> str:
    """The address's name; nothing where there is none."""
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return "" if not bare else ":"
