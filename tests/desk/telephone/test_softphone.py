# SPDX-License-Identifier: AGPL-3.0-or-later
"""A call from the line to an operator's browser, with real SIP, a real browser and voices that can be told apart."""

import time

import pytest
from tests.desk.telephone.conftest import CALLED, SPOKEN, Caller, Line, Window

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def talking(line: Line, olena: Window) -> Caller:
    """Olena has answered a call."""
    caller = line.call("olena")
    olena.shows("ringing")
    olena.page.click("#answer")
    caller.expect("up")
    olena.shows("talking")
    return caller


def test_both_hear_each_other(olena: Window, talking: Caller) -> None:
    time.sleep(1.5)
    assert olena.share(CALLED) > 0.8
    assert talking.share(SPOKEN) > 0.8
    assert olena.share(SPOKEN) < 0.1
    assert talking.share(CALLED) < 0.1
