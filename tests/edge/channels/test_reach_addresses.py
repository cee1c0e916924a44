# SPDX-License-Identifier: AGPL-3.0-or-later
"""An address out of a provider's answer may be anything."""

import pytest

from safeconduct.edge.channels.errors import SendRefused
from safeconduct.edge.channels.reach import Reach


@pytest.mark.parametrize("url", ["https://[", "https://127.0.0.1/", "file:///etc/passwd", "", "https://127.0.0.1/\x00"])
async def test_no_address_raises_anything_but_a_refusal(url: str) -> None:
    reach = Reach()
    with pytest.raises(SendRefused):
        await anext(reach.stream(url))
    await reach.close()
