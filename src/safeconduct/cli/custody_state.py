# SPDX-License-Identifier: AGPL-3.0-or-later
"""Custody's part of its doctor that needs Django started; reads no content."""

from collections.abc import Iterator
from datetime import UTC, datetime

from django.conf import settings
from django.db import DatabaseError

from safeconduct.cli.alerts_reach import reach
from safeconduct.desk.alerts import clock
from safeconduct.desk.custody import signing
from safeconduct.desk.custody.models import Kept
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.models import KeyRotation
from safeconduct.desk.operators.rotation import State
from safeconduct.desk.project import custody_clock, machinery
from safeconduct.desk.project.errors import NotReady
from safeconduct.desk.project.serve import refuse_unready

_SHOWN = 10  # altered pages by name


def look() -> Iterator[tuple[str, str]]:
    """What was looked at, and its mend or nothing."""
    try:
        refuse_unready()
    except NotReady as error:
        yield "custody is ready to start", str(error)
        return
    except DatabaseError as error:
        yield "custody's database answers", type(error).__name__
        return
    yield "custody is ready to start", ""
    yield from of_a_ready_house()


def of_a_ready_house() -> Iterator[tuple[str, str]]:
    """Keys, the night, the wall clock, whether alerts reach anybody, and what the clock process is late with."""
    now = datetime.now(UTC)
    yield from _keys()
    yield _night()
    yield _pages()
    yield "the wall clock can be believed", _wall(now)
    yield from reach(settings.DESK.secrets, demonstration=False)
    for one in clock.late(custody_clock.TABLE, now):
        done = f"last done {one.last_done:%Y-%m-%d %H:%M} UTC" if one.last_done else "never done"
        yield f"on time: {one.act.sentence}", f"{done}; is `safeconduct custody clock` running? {one.failure}".rstrip()


def _keys() -> Iterator[tuple[str, str]]:
    known = {team.code: team for team in machinery.teams()}
    wanted = sorted({role.team for role in roles.here() if role.team})
    none = [code for code in wanted if code not in known]
    yield "every team has a key", f"{', '.join(none)} has none: `safeconduct custody team`" if none else ""
    few = [code for code, team in known.items() if team.is_thin]
    yield "two people at least hold each", f"too few of {', '.join(few)}: add people, and let them in" if few else ""
    owing = ", ".join(KeyRotation.objects.filter(state=State.DUE.value).values_list("team__code", flat=True))
    yield "no team owes a new key", f"{owing}: a member makes a new one, under Keys" if owing else ""


def _night() -> tuple[str, str]:
    newest = Kept.objects.order_by("-day").values_list("day", flat=True).first()
    if newest is None:
        return "the night was worked out", "never, or nothing is owed: start `safeconduct custody clock`"
    return f"the night was worked out, last for {newest}", ""


def _pages() -> tuple[str, str]:
    """All of them, without anybody's keys. How many there are stands nowhere: complaints are among them (R30)."""
    _rows, altered = signing.altered()
    if not altered:
        return "every sealed page is what was written", ""
    named = ", ".join(f"{table.code} {row.pk}" for table, row in altered[:_SHOWN])
    more = f" and {len(altered) - _SHOWN} more" if len(altered) > _SHOWN else ""
    return f"sealed pages that were altered outside the program: {len(altered)}", (
        f"{named}{more}: tell the monitor, copy the disk, then put the rows back from a backup (docs/install.md, 6)"
    )


def _wall(now: datetime) -> str:
    if not clock.doubts(now):
        return ""
    return "it went back, or leapt ahead by more than a day; when it is right: `safeconduct custody confirm-time`"
