# SPDX-License-Identifier: AGPL-3.0-or-later
"""The people and the board of a demonstration. Needs Django started."""

from datetime import UTC, datetime, timedelta

import msgspec
from django.db import transaction

from safeconduct.cli import ceremony, demonstration, notices
from safeconduct.cli.demonstration import SignIn
from safeconduct.cli.places import Places, write_private
from safeconduct.cli.teams import published_teams
from safeconduct.desk.operators import acts
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing.keys import PrivateKey
from safeconduct.vocabulary import board
from safeconduct.vocabulary.board import LineNotice

PEOPLE = (
    ("olena", Role.OPERATOR),
    ("marko", Role.OPERATOR),
    ("sofia", Role.SUPERVISOR),
    ("petro", Role.PLANNER),
    ("iryna", Role.APPROVER),
    ("unit", Role.RECEIVING_UNIT),
    ("editor", Role.EDITOR),
    ("ihor", Role.EDITOR),  # what one editor proposes, another approves
    ("admin", Role.ADMINISTRATOR),
    ("monitor", Role.MONITOR),
)
TEAMS = ("monitor", board.INTAKE, board.HANDOVER)  # the monitor's first: every act is recorded to it
BOARD_FOR = timedelta(days=30)


def make_people_once(here: Places) -> None:
    """Teams, and people for every role; their sign-in is written to the demonstration's folder."""
    if Operator.objects.exists():
        return
    demonstration.sign_in_file(here).unlink(missing_ok=True)  # of a first start that was cut off
    known = []
    with transaction.atomic():
        keys = {code: PrivateKey.generate() for code in TEAMS}
        teams = {code: acts.found_team(code, key.public, demonstration=True) for code, key in keys.items()}
        for name, role in PEOPLE:
            welcome = acts.add_operator(name, role)
            if role.team:
                acts.let_in(teams[role.team], keys[role.team], welcome.operator)
            known.append(SignIn(name, role.value, welcome.passphrase))
        write_private(demonstration.sign_in_file(here), msgspec.json.format(msgspec.json.encode(known)))


def publish(here: Places) -> None:
    """Sign and show what the public door needs, with the demonstration's own keys."""
    expires = datetime.now(UTC).replace(microsecond=0) + BOARD_FOR
    keys = [ceremony.read_signing_key(path) for path in demonstration.signers(here, "publisher")]
    line = board.encode(LineNotice(usual_wait="within_day"))
    for name, content in ((board.TEAMS, published_teams()), (board.LINE, line)):
        notices.sign_and_publish(here, name, content, keys, expires=expires)
