# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether the public board names a team's new key: an older one may be destroyed only a week after that."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from safeconduct.desk.operators import rotation_acts
from safeconduct.desk.project import key_alerts
from safeconduct.sealing import publication
from safeconduct.sealing.errors import SealingError
from safeconduct.spool.contract import Posted
from safeconduct.vocabulary import board

Published = Callable[[str], Posted | None]


def look(published: Published, credentials: Path, now: datetime) -> int:
    """Note the keys that an edge would believe now. Returns how many teams the board names; 0 when it is not believed."""
    key_alerts.watch()
    posted = published(board.TEAMS)
    if posted is None:
        return 0
    try:
        believed = publication.verify(
            posted.document,
            posted.content,
            root=(credentials / "root.json").read_bytes(),
            role="publishers",
            name=board.TEAMS,
            now=now,
            at_least_version=0,
        )
        teams = board.decode_teams(believed.content).teams
    except (OSError, SealingError, msgspec.DecodeError):  # the health page tells of an anchor that is not readable
        return 0
    rotation_acts.note_published({code: (key.version, key.key) for code, key in teams.items()})
    return len(teams)
