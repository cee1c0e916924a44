# SPDX-License-Identifier: AGPL-3.0-or-later
"""docs/duties.md: the table of duties as a page, so that a jurist can read what the clock computes."""

from collections.abc import Sequence

from safeconduct.desk.custody.duties import KEPT_BY_ABSENCE, TABLE, Duty, Event

HEAD = """# What the Convention asks for, and by when

Written by `safeconduct custody reference --write` from `desk/custody/duties.py`; a test compares the two. Articles are the Third Geneva
Convention's. "Ours": the law says "as soon as possible" or names no term, and this line has set one. A day is a calendar day: within 1 is the
day itself or the next. What is owed is worked out from the kinds and days of events alone.

| duty | article | begins with | kept by | by when | rules |
| --- | --- | --- | --- | --- | --- |
"""
PROMISES = """
## What public texts promise

Every promise on the page `treatment` has an id, and a duty or a reason below that keeps it; a test fails for one without.

| promise | kept by |
| --- | --- |
"""


def page() -> str:
    """The whole page, in English."""
    return HEAD + "".join(map(_row, TABLE)) + PROMISES + "".join(_promises())


def _row(duty: Duty) -> str:
    cells = (duty.sentence, duty.articles, _kinds(duty.starts), _kinds(duty.fulfils), _term(duty), duty.rules)
    return "| " + " | ".join(map(str, cells)) + " |\n"


def _kinds(events: Sequence[Event]) -> str:
    return ", ".join(f"`{event.value}`" for event in events)


def _term(duty: Duty) -> str:
    first = "the same day" if duty.within == 0 else f"{duty.within} days" if duty.within > 1 else "the next day"
    again = (
        f", then every {duty.again} days" if duty.again and duty.again > 1 else ", then every day" if duty.again else ""
    )
    held = ", while somebody is held there" if duty.held else ""
    return first + again + held + (" (ours)" if duty.ours else "")


def _promises() -> list[str]:
    kept = [(promise, str(duty.sentence)) for duty in TABLE for promise in duty.promises]
    kept += [(promise, str(why)) for promise, why in KEPT_BY_ABSENCE.items()]
    return [f"| `{promise}` | {how} |\n" for promise, how in sorted(kept)]
