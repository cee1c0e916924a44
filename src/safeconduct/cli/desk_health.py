# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's part of `safeconduct doctor`. Needs Django started; reads no content."""

from collections.abc import Iterator
from datetime import UTC, datetime

from django.conf import settings
from django.db import DatabaseError

from safeconduct.cli.alerts_reach import reach
from safeconduct.desk.alerts.clock import late
from safeconduct.desk.operators.acts import team_key
from safeconduct.desk.operators.models import KeyRotation, TeamKey
from safeconduct.desk.operators.rotation import State
from safeconduct.desk.project import periodic
from safeconduct.desk.project.errors import NotReady
from safeconduct.desk.project.serve import refuse_unready
from safeconduct.vocabulary.board import HANDOVER, INTAKE


def look() -> Iterator[tuple[str, str]]:
    """What was looked at, and its mend or nothing."""
    try:
        refuse_unready()
    except NotReady as error:
        yield "the desk is ready to start", str(error)
        return
    except DatabaseError as error:
        yield "the desk's database answers", type(error).__name__
        return
    yield "the desk is ready to start", ""
    yield "there is a handover cell", _no_cell()
    yield "the board names the newest key of each team", _behind()
    yield "no team owes a new key", _owed()
    yield from reach(settings.DESK.credentials, demonstration=settings.DESK.demonstration)
    for one in late(periodic.TABLE, datetime.now(UTC)):
        done = f"last done {one.last_done:%Y-%m-%d %H:%M} UTC" if one.last_done else "never done"
        yield f"on time: {one.act.sentence}", f"{done}; is the clock running? {one.failure}".rstrip()


def _behind() -> str:
    codes = [code for code in (INTAKE, HANDOVER) if TeamKey.objects.filter(team__code=code).exists()]
    late = [code for code in codes if team_key(code).published is None]
    return (
        f"not of {', '.join(late)}: draft, sign and publish `teams`; the clock sees it within a minute" if late else ""
    )


def _owed() -> str:
    owing = KeyRotation.objects.filter(state=State.DUE.value).values_list("team__code", flat=True)
    named = ", ".join(owing)
    return (
        f"somebody left who held the key of {named}; a member makes a new one, in the desk under Keys" if named else ""
    )


def _no_cell() -> str:
    if TeamKey.objects.filter(team__code=HANDOVER).exists():
        return ""
    return "it has no key, so that no case can be handed over: `safeconduct keys team handover --new-member NAME`"
