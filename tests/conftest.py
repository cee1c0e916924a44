# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which tests a process collects, and how they are shared out when several run them (`pytest -n 2`)."""

import os
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

# One process has one house's settings (R20): `SAFECONDUCT_HOUSE=custody pytest tests/custody` runs the other's.
collect_ignore = [] if os.environ.get("SAFECONDUCT_HOUSE") == "custody" else ["custody"]
_LONG = ("slow", "browser")
_REAL_TIME = ("browser", "alone")
_SET_UP_TOGETHER = "tests/journey/test_chat_applications"  # three files ask for the lives, which take a minute


class ByFile(LoadFileScheduling):  # type: ignore[misc]  # pytest-xdist ships no types
    """A file's tests run in one process, so that what they share is set up once; and files that share more, as one."""

    def _split_scope(self, nodeid: str) -> str:
        return _SET_UP_TOGETHER if nodeid.startswith(_SET_UP_TOGETHER) else nodeid.split("::", 1)[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    config.option.loadscopereorder = False  # a file's length is not the number of its tests
    return ByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long files begin first, in their random order, so that at the end no process waits for another's.

    What drives a browser, or a telephone in real time, depends on how a busy machine shares itself out: it is tried
    once more before it fails, and the summary names it (RERUN). Nothing else is.
    """
    for item in items:
        if any(item.get_closest_marker(name) for name in _REAL_TIME) and not item.get_closest_marker("flaky"):
            item.add_marker(pytest.mark.flaky(reruns=1))
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: not any(item.get_closest_marker(name) for name in _LONG))
