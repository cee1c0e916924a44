# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest

from safeconduct.dialogue.texts import AVAILABLE, texts


@pytest.fixture(autouse=True, scope="session")
def read_catalogues() -> None:
    """Each is read once a process: outside the 200 ms that Hypothesis gives the example that happens to come first."""
    for tag in AVAILABLE:
        texts(tag)
