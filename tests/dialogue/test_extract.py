# SPDX-License-Identifier: AGPL-3.0-or-later
from pathlib import Path

import polib
import pytest

import safeconduct
from safeconduct.dialogue.extract import collect, differences, mistakes, render, write
from safeconduct.dialogue.places import CITY_OF_ZONE
from safeconduct.dialogue.scripts import SCRIPT_NAMES, load, msgids
from safeconduct.dialogue.texts import AVAILABLE

HOUSE = Path(safeconduct.__file__).parent
PAGE = """{% block main %}<h1>{{ _("You are not alone.") }}</h1>
{{ _("At most {max} words here.", max=field.max) }} {{ ngettext("{count} day", "{count} days", n) }} {{ _(step.title) }}
{% endblock %}"""
CODE = 'TITLE = N_("Said from a program.")\nsay = _("Said at once.")\nprint("never said")\n'


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the house with one page and one program of our own, and a folder for texts."""
    pages = tmp_path / "edge" / "web" / "pages"
    pages.mkdir(parents=True)
    (pages / "one.html").write_text(PAGE, encoding="utf-8")
    (pages.parent / "app.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "texts").mkdir()
    return tmp_path


def catalogue(house: Path, tag: str = "ru") -> polib.POFile:
    return polib.pofile(render(house, house / "texts", (tag,))[f"{tag}.po"])


def entry(house: Path, msgid: str, tag: str = "ru") -> polib.POEntry:
    found = catalogue(house, tag).find(msgid)
    assert found is not None
    return found


def translate(house: Path, msgid: str, msgstr: str) -> None:
    file = catalogue(house)
    for found in file:
        found.msgstr = msgstr if found.msgid == msgid else found.msgstr
    (house / "texts" / "ru.po").write_text(f"{file}", encoding="utf-8")


def test_every_sentence_of_scripts_pages_and_programs_is_collected(house: Path) -> None:
    found = {(sentence.msgid, sentence.plural): sentence.files for sentence in collect(house)}
    assert found["You are not alone.", ""] == ["edge/web/pages/one.html"]
    assert found["At most {max} words here.", ""] == ["edge/web/pages/one.html"]
    assert found["{count} day", "{count} days"] == ["edge/web/pages/one.html"]
    assert found["Said from a program.", ""] == found["Said at once.", ""] == ["edge/web/app.py"]
    assert ("never said", "") not in found
    assert {(msgid, "") for name in SCRIPT_NAMES for msgid in msgids(load(name))} <= set(found)


def test_english_says_itself_and_other_languages_wait_for_a_translator(house: Path) -> None:
    assert entry(house, "You are not alone.", "en").msgstr == "You are not alone."
    assert entry(house, "You are not alone.").msgstr == ""
    assert "Not yet reviewed" in catalogue(house, "ru").header


def test_collecting_twice_gives_the_same_bytes_without_dates_or_line_numbers(house: Path) -> None:
    first = render(house, house / "texts", AVAILABLE)
    write(first, house / "texts")
    assert differences(render(house, house / "texts", AVAILABLE), house / "texts") == []
    assert "Date" not in "".join(first.values())
    assert ".html:" not in first["messages.pot"]


def test_a_translation_stays_and_a_changed_sentence_makes_it_a_proposal(house: Path) -> None:
    translate(house, "You are not alone.", "Вы не одни.")
    assert entry(house, "You are not alone.").msgstr == "Вы не одни."
    page = house / "edge" / "web" / "pages" / "one.html"
    page.write_text(PAGE.replace("You are not alone.", "You are not alone here."), encoding="utf-8")
    changed = entry(house, "You are not alone here.")
    assert (changed.msgstr, changed.fuzzy, changed.previous_msgid) == ("Вы не одни.", True, "You are not alone.")
    assert catalogue(house).find("You are not alone.") is None


def test_a_new_sentence_is_noticed_as_a_difference(house: Path) -> None:
    write(render(house, house / "texts", ("ru",)), house / "texts")
    (house / "edge" / "web" / "app.py").write_text(CODE + '_("One more.")\n', encoding="utf-8")
    assert differences(render(house, house / "texts", ("ru",)), house / "texts") == ["messages.pot", "ru.po"]


@pytest.mark.parametrize(
    ("msgstr", "mistake"),
    [
        ("", "not translated"),
        ("Не больше слов: {most}.", "other placeholders than in English"),
        ("Не больше слов.", "other placeholders than in English"),
        ("Не больше слов: {max}.", None),
    ],
)
def test_a_translation_with_other_placeholders_is_a_mistake(house: Path, msgstr: str, mistake: str | None) -> None:
    translate(house, "At most {max} words here.", msgstr)
    said = [line for line in mistakes("ru", f"{catalogue(house)}") if "At most {max} words here." in line]
    assert [line.split(": ")[1] for line in said] == ([] if mistake is None else [mistake])


@pytest.mark.rule("R12")
def test_a_proposal_is_a_mistake_until_a_translator_has_looked(house: Path) -> None:
    translate(house, "You are not alone.", "Вы не одни.")
    page = house / "edge" / "web" / "pages" / "one.html"
    page.write_text(PAGE.replace("You are not alone.", "You are not alone!"), encoding="utf-8")
    assert "ru: fuzzy: You are not alone!" in list(mistakes("ru", f"{catalogue(house)}"))


@pytest.mark.rule("R12")
def test_the_catalogues_of_this_house_say_that_nobody_has_reviewed_them() -> None:
    for tag in AVAILABLE:
        file = polib.pofile(str(HOUSE / "dialogue" / "texts" / f"{tag}.po"))
        assert "Not yet reviewed" in file.header
        assert file.metadata["Language"] == tag


@pytest.mark.parametrize("tag", AVAILABLE)
def test_every_sentence_of_the_scripts_is_translated_with_the_same_placeholders(tag: str) -> None:
    needed = {sentence.msgid for sentence in collect(HOUSE) if any("dialogue" in file for file in sentence.files)}
    content = (HOUSE / "dialogue" / "texts" / f"{tag}.po").read_text(encoding="utf-8")
    assert [line for line in mistakes(tag, content) if line.split(": ", 2)[-1] in needed] == []


def test_every_language_says_something_of_its_own() -> None:
    """A sentence that is the same as in English was forgotten, or is a name."""
    needed = {
        sentence.msgid for sentence in collect(HOUSE) if any("dialogue/scripts" in file for file in sentence.files)
    }
    needed -= {*CITY_OF_ZONE.values(), "No", "Article {article}", "Articles {articles}"}  # so also in French or Spanish
    for tag in set(AVAILABLE) - {"en"}:
        file = polib.pofile(str(HOUSE / "dialogue" / "texts" / f"{tag}.po"))
        assert [e.msgid for e in file if e.msgid in needed and e.msgstr == e.msgid] == []
