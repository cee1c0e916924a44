# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest

from safeconduct.spool.contract import Posted, Spool
from safeconduct.spool.errors import OlderVersion


async def test_the_board_shows_what_was_published(spool: Spool) -> None:
    assert await spool.published("teams") is None
    await spool.publish("teams", 1, b"document", b"content")
    assert await spool.published("teams") == Posted(1, b"document", b"content")
    assert await spool.published("line") is None


async def test_a_newer_entry_replaces_and_the_same_version_may_gain_a_signature(spool: Spool) -> None:
    await spool.publish("teams", 1, b"one signature", b"content")
    await spool.publish("teams", 1, b"two signatures", b"content")
    assert await spool.published("teams") == Posted(1, b"two signatures", b"content")
    await spool.publish("teams", 2, b"next", b"more")
    assert await spool.published("teams") == Posted(2, b"next", b"more")


@pytest.mark.rule("T4")
async def test_an_older_entry_is_refused(spool: Spool) -> None:
    await spool.publish("teams", 7, b"document", b"content")
    with pytest.raises(OlderVersion) as refused:
        await spool.publish("teams", 6, b"stale", b"stale")
    assert refused.value.shown == 7
    assert await spool.published("teams") == Posted(7, b"document", b"content")
