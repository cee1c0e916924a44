# SPDX-License-Identifier: AGPL-3.0-or-later
"""The teams' public keys, read from the desk's database. Apart, because reading them needs Django."""

from safeconduct.cli.errors import CliError
from safeconduct.desk.operators.models import TeamKey
from safeconduct.vocabulary import board


def published_teams() -> bytes:
    """The board's entry `teams`: the newest key of intake, and of the handover cell once it has one.

    Raises `CliError` while intake has no member who could open anything; a cell without one is left out.
    """
    intake = _newest(board.INTAKE)
    if intake is None:
        raise CliError("the team intake has no key yet: `safeconduct keys team intake --new-member NAME` makes it")
    if not _is_held(intake):
        raise CliError("nobody could open what is sealed to intake: let a member in first")
    cell = _newest(board.HANDOVER)
    keys = [intake, *([cell] if cell is not None and _is_held(cell) else [])]
    shown = {key.team.code: board.TeamKey(version=key.version, key=key.key.raw) for key in keys}
    return board.encode(board.TeamKeys(teams=shown))


def _newest(code: str) -> TeamKey | None:
    return TeamKey.objects.select_related("team").filter(team__code=code).order_by("-version").first()


def _is_held(key: TeamKey) -> bool:
    return key.memberships.exclude(wrapped=None).exists()
