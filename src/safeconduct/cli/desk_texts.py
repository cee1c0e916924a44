# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's own sentences: from its pages and code into `desk/locale/<language>/LC_MESSAGES/django.po`, and its compiled half.

Operators are colleagues and not the public: R12's two reviewers do not sign these. What is missing is shown in English.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import polib
from babel.messages.extract import extract
from django.utils.translation.template import templatize

LANGUAGES = {
    "uk": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"
}
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%")
_WIDTH = 100


@dataclass(frozen=True, slots=True, order=True)
class _Key:
    msgid: str
    plural: str
    context: str


def render(desk: Path) -> dict[Path, bytes]:
    """What each catalogue below `desk` should hold now: the PO with what was translated before, and the MO made of it."""
    found = _collected(desk)
    wanted: dict[Path, bytes] = {}
    for tag, plurals in LANGUAGES.items():
        path = desk / "locale" / tag / "LC_MESSAGES" / "django.po"
        before = polib.pofile(path.read_text(encoding="utf-8")) if path.is_file() else polib.POFile()
        catalogue = _catalogue(tag, plurals, found, before)
        wanted[path] = f"{catalogue}".encode()
        wanted[path.with_suffix(".mo")] = catalogue.to_binary()
    return wanted


def write(desk: Path) -> list[str]:
    """Bring them up to date. The names of those that changed."""
    changed = [path for path, content in render(desk).items() if not path.is_file() or path.read_bytes() != content]
    for path, content in render(desk).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return [str(path.relative_to(desk)) for path in changed]


def mistakes(desk: Path) -> Iterator[str]:
    """What is out of date, missing, or has other placeholders than in English: a line each."""
    for path, content in render(desk).items():
        if not path.is_file() or path.read_bytes() != content:
            yield f"desk/{path.relative_to(desk)} is out of date: run `safeconduct texts extract`"
        if path.suffix == ".po":
            yield from _mistakes_in(path.parts[-3], polib.pofile(content.decode()))


def _mistakes_in(tag: str, catalogue: polib.POFile) -> Iterator[str]:
    for entry in catalogue:
        said = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if not all(said):
            yield f"desk {tag}: not translated: {entry.msgid}"
            continue
        wanted = _named(entry.msgid_plural or entry.msgid)
        # A form for one or two may say the number in words.
        if any(_named(one) != wanted and not (entry.msgid_plural and _named(one) < wanted) for one in said):
            yield f"desk {tag}: other placeholders than in English: {entry.msgid}"


def _named(text: str) -> set[str]:
    return {found.group(0) for found in _PLACEHOLDER.finditer(text)}


def _collected(desk: Path) -> dict[_Key, list[str]]:
    """Every sentence, and the files that it stands in."""
    found: dict[_Key, list[str]] = {}
    for path in sorted([*desk.rglob("*.html"), *desk.rglob("*.txt"), *desk.rglob("*.py")]):
        name = path.relative_to(desk).as_posix()
        for key in _keys(path):
            files = found.setdefault(key, [])
            if name not in files:
                files.append(name)
    return found


def _keys(path: Path) -> Iterator[_Key]:
    text = path.read_text(encoding="utf-8")
    source = text if path.suffix == ".py" else templatize(text, origin=str(path))
    for _line, messages, _comments, context in extract("python", BytesIO(source.encode()), keywords=_KEYWORDS):
        one, many = messages[-2:] if isinstance(messages, tuple) else (messages, "")
        if one:
            yield _Key(one, many, context or "")


def _catalogue(tag: str, plurals: str, found: dict[_Key, list[str]], before: polib.POFile) -> polib.POFile:
    file = polib.POFile(wrapwidth=_WIDTH)
    file.header = "SPDX-License-Identifier: AGPL-3.0-or-later\nThe desk. Written by `safeconduct texts extract`; edit only the msgstr lines."
    file.metadata = {
        "Project-Id-Version": "safeconduct",
        "Language": tag,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": plurals,
    }
    known = {_Key(old.msgid, old.msgid_plural, old.msgctxt or ""): old for old in before if not old.obsolete}
    forms = int(plurals[len("nplurals=")])
    for key, files in found.items():
        file.append(_entry(key, files, known.get(key), forms))
    return file


def _entry(key: _Key, files: list[str], old: polib.POEntry | None, forms: int) -> polib.POEntry:
    entry = polib.POEntry(msgid=key.msgid, msgctxt=key.context or None, occurrences=[(one, "") for one in files])
    if "%(" in key.msgid + key.plural:
        entry.flags = ["python-format"]
    if key.plural:
        entry.msgid_plural = key.plural
        entry.msgstr_plural = dict.fromkeys(range(forms), "") | (old.msgstr_plural if old else {})
    elif old:
        entry.msgstr = old.msgstr
    return entry
