# SPDX-License-Identifier: AGPL-3.0-or-later
"""The people and the board of a demonstration. Needs Django started."""

from datetime import UTC, datetime, timedelta

import msgspec
from django.db import transaction

from safeconduct.cli import ceremony, demonstration, notices
from safeconduct.cli.demonstration import SignIn
from safeconduct.cli.places import Places, write_private
from safeconduct.cli.teams import published_teams
from safeconduct.desk.cases import keys
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.handover import units
from safeconduct.desk.handover.models import ReceivingUnit
from safeconduct.desk.operators import acts, vaults
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing.keys import PrivateKey
from safeconduct.vocabulary import board
from safeconduct.vocabulary.board import LineNotice
from safeconduct.vocabulary.secrets import Passphrase

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
PLANNER, RECEIVER, UNIT = "petro", "unit", "Kestrel 3"


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


def make_unit_once(here: Places) -> None:
    """A receiving unit that is there day and night, so that a newcomer can walk a whole handover."""
    receiver = Operator.objects.filter(name=RECEIVER, role=Role.RECEIVING_UNIT.value, active=True).first()
    hand = None if receiver is None or ReceivingUnit.objects.exists() else _hand_of(here, PLANNER)
    if receiver is None or hand is None:
        return
    card = units.card_of(
        sectors="North\nRiver",
        languages=("en", "uk", "ru", "ko-KP"),
        zone="Europe/Kyiv",
        days=tuple("0123456"),
        opens="00:00",
        closes="00:00",
    )
    with transaction.atomic():
        unit = units.add(hand, UNIT, card)
        units.assign(hand, unit.pk, receiver.pk, fingerprint=receiver.fingerprint)


def _hand_of(here: Places, name: str) -> Hand | None:
    """Their hand, by the passphrase that a demonstration writes down. None when they have another by now, or are gone."""
    passphrase = next((one.passphrase for one in demonstration.sign_ins(here) if one.name == name), "")
    operator = Operator.objects.filter(name=name, active=True).first()
    opened = vaults.opened(bytes(operator.vault), Passphrase(passphrase)) if operator else None
    if operator is None or opened is None or operator.plays.team is None:
        return None
    newest, *older = Keyring(operator, opened.private).team_privates(operator.plays.team)
    return Hand(operator, opened.private, newest, keys.of_this_desk(), tuple(older))


def publish(here: Places) -> None:
    """Sign and show what the public door needs, with the demonstration's own keys."""
    expires = datetime.now(UTC).replace(microsecond=0) + BOARD_FOR
    keys = [ceremony.read_signing_key(path) for path in demonstration.signers(here, "publisher")]
    line = board.encode(LineNotice(usual_wait="within_day"))
    for name, content in ((board.TEAMS, published_teams()), (board.LINE, line)):
        notices.sign_and_publish(here, name, content, keys, expires=expires)
