# SPDX-License-Identifier: AGPL-3.0-or-later
"""Composes a channel's worker from the environment, and runs it."""

import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping

from safeconduct.dialogue.texts import AVAILABLE
from safeconduct.edge.board import BoardReader
from safeconduct.edge.channels.contract import Channel, Facts
from safeconduct.edge.channels.duty import WantsDuty
from safeconduct.edge.chat.credentials import load_chat_credentials
from safeconduct.edge.chat.files import FileStore
from safeconduct.edge.chat.holder import Holder
from safeconduct.edge.chat.line import Line
from safeconduct.edge.crew import Crew, hand_command
from safeconduct.edge.duty import DutyReader
from safeconduct.edge.settings import read_settings
from safeconduct.spool.contract import Quota
from safeconduct.spool.sqlite import SqliteSpool


@contextlib.asynccontextmanager
async def line_of(  # noqa: PLR0913 - what a line is made of, by name
    environment: Mapping[str, str],
    channel: Channel,
    facts: Facts,
    *,
    demonstration: bool,
    hands: int = 0,
    clock: Callable[[], float] = time.time,
) -> AsyncIterator[Line]:
    """What a worker of this channel stands on; `hands` seal for it once many write at a time. Raises `SettingsRefused`, `CredentialsRefused` or a `SpoolError`."""
    settings = read_settings(environment)
    secrets = load_chat_credentials(settings.credentials, facts.code, demonstration=demonstration)
    settings.spool.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    crew = Crew(secrets.door, hand_command(settings.credentials, demonstration=demonstration), hands=hands)
    spool = await SqliteSpool.open(settings.spool, quota=Quota(settings.spool_bytes), clock=clock)
    holder = Holder(settings.spool.parent / f"channel-{facts.code}.lock")
    try:
        board = BoardReader(spool, root=secrets.door.root, tags=AVAILABLE, clock=clock)
        if isinstance(channel, WantsDuty):
            channel.duty = DutyReader(spool, desk=secrets.door.desk, delivery=secrets.delivery, clock=clock)
        duty = None if isinstance(channel, WantsDuty) else DutyReader(spool, desk=secrets.door.desk, clock=clock)
        files = FileStore(settings.files, facts.code) if facts.takes_files else None
        yield Line(
            spool, secrets, board, channel, facts, clock,
            files=files, crew=crew, holder=holder, duty=duty, demonstration=demonstration,
        )  # fmt: skip
    finally:
        await crew.close()
        await channel.close()
        await spool.close()
        holder.close()  # last: whoever follows relies on nothing of this process being at work
