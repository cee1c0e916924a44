# SPDX-License-Identifier: AGPL-3.0-or-later
"""What becomes of the telephones of a talk when its caller goes at an awkward moment."""

import pytest

from safeconduct.edge.channels.voice.tests.conftest import Hotline, says
from safeconduct.edge.channels.voice.tests.memory import PaperCall
from safeconduct.edge.channels.voice.tests.test_waiting import CHIEF, OLENA, connected, until


async def test_whoever_is_brought_is_let_go_when_the_caller_goes_while_that_is_told(
    line: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, operator = await connected(line, OLENA, CHIEF)
    find, slow = line.prompts.find, says("supervisor_listens")
    monkeypatch.setattr(
        line.prompts,
        "find",
        lambda text, tag, *, rate: (find(text, tag, rate=rate) or b"") + b" " * (160_000 if text == slow else 0),
    )
    third = PaperCall()
    line.engine.answers.append(third)
    operator.press("*430#")
    await until(lambda: line.engine.rooms[0].told)
    call.end()
    await third.until_over()
    shared = line.voice._shared
    assert shared is not None
    await until(lambda: not shared.switchboard._busy)
