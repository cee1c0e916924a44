# SPDX-License-Identifier: AGPL-3.0-or-later
"""The teams' public keys, read from the desk's database. Apart, because reading them needs Django."""

from safeconduct.cli.errors import CliError
from safeconduct.desk.operators.models import TeamKey
from safeconduct.vocabulary import board


def published_teams() -> bytes:
    """The board's entry `teams`: the newest key of the team that first contacts are sealed to.

    Raises `CliError` while that team has no member who could open anything.
    """
    newest = TeamKey.objects.filter(team__code=board.INTAKE).order_by("-version").first()
    if newest is None:
        raise CliError("the team intake has no key yet: `safeconduct keys team intake --new-member NAME` makes it")
    if not newest.memberships.exclude(wrapped=None).exists():
        raise CliError("nobody could open what is sealed to intake: let a member in first")
    key = board.TeamKey(version=newest.version, key=newest.key.raw)
    return board.encode(board.TeamKeys(teams={board.INTAKE: key}))
