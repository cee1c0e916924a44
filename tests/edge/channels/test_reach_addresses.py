# SPDX-License-Identifier: AGPL-3.0-or-later
"""An address out of a provider's answer may be anything."""

import pytest

from safeconduct.edge.channels.errors import SendRefused
from safeconduct.edge.channels.reach import Reach


@pytest.mark.parametrize("url", ["https://[", "https://127.0.0.1/", "file:///etc/passwd", "", "https://127.0.0.1/\x00"])
@pytest.mark.parametrize("trusts", [False, True])
async def test_no_address_raises_anything_but_a_refusal(url: str, *, trusts: bool) -> None:
    reach = Reach(trusted=["127.0.0.1"] if trusts and "\x00" in url else [])
    with pytest.raises(SendRefused):
        await anext(reach.stream(url))
    await reach.close()
