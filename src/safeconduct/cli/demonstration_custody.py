# SPDX-License-Identifier: AGPL-3.0-or-later
"""The people and the camp of custody's demonstration. Needs Django started."""

from datetime import timedelta

import msgspec
import typer
from django.conf import settings
from django.db import transaction

from safeconduct.cli.demonstration import SignIn
from safeconduct.cli.places import Places, write_private
from safeconduct.desk.custody import acts as custody
from safeconduct.desk.custody import camp_acts
from safeconduct.desk.custody.acts import When
from safeconduct.desk.operators import acts
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing.keys import PrivateKey
from safeconduct.vocabulary.custody import CampKind, Category
from safeconduct.vocabulary.identity import Birth
from safeconduct.vocabulary.reception import Received

PEOPLE = (
    ("daryna", Role.REGISTRAR),
    ("vira", Role.MEDICAL),
    ("stepan", Role.CAMP_COMMANDER),
    ("nadia", Role.MAIL_OFFICE),
    ("roman", Role.BUREAU),
    ("lesia", Role.COUNSEL),
    ("admin", Role.ADMINISTRATOR),
    ("monitor", Role.MONITOR),
)
TEAMS = ("monitor", "custody", "medical", "mail", "bureau", "counsel")
FILE = "custody-signin.json"


def make_people_once(here: Places) -> None:
    """Teams, people for every role, one camp and one invented prisoner, whose papers are as late as they are in life."""
    if Operator.objects.exists():
        return
    (here.demonstration / FILE).unlink(missing_ok=True)  # of a first start that was cut off
    with transaction.atomic():
        keys = {code: PrivateKey.generate() for code in TEAMS}
        teams = {code: acts.found_team(code, key.public, demonstration=True) for code, key in keys.items()}
        known = []
        for name, role in PEOPLE:
            welcome = acts.add_operator(name, role)
            if role.team:
                acts.let_in(teams[role.team], keys[role.team], welcome.operator)
            known.append(SignIn(name, role.value, welcome.passphrase))
        _somebody(Operator.objects.get(name=PEOPLE[0][0]))
        write_private(here.demonstration / FILE, msgspec.json.format(msgspec.json.encode(known)))


def welcome(here: Places) -> None:
    """What to do next."""
    typer.echo("Custody's demonstration: never use it for a real person.")
    typer.echo(f"  Sign in at {settings.DESK.origin}/")
    for person in msgspec.json.decode((here.demonstration / FILE).read_bytes(), type=list[SignIn]):
        typer.echo(f"    {person.name:<9} {person.role:<15} {person.passphrase}")
    typer.echo(
        "  Their six-digit code, in another terminal: SAFECONDUCT_HOUSE=custody .venv/bin/safeconduct code daryna"
    )
    typer.echo("  Then look at Duties: what the Convention asks for the one who arrived three days ago. Ctrl-C stops.")


def _somebody(registrar: Operator) -> None:
    arrived = When(custody.today() - timedelta(days=3))
    places = {Category.OTHER_RANKS: 120, Category.OFFICERS: 20, Category.WOMEN: 20}
    camp = custody.open_camp(registrar, "Demonstration camp", CampKind.PERMANENT, places, arrived)
    camp_acts.bind(registrar, Operator.objects.get(role=Role.CAMP_COMMANDER.value), camp)
    who = Received(
        surname="Ри",
        first_names="Чхоль",
        rank="전사",
        birth=Birth("주체 93 (2004)"),
        service_number="",
        language="ko-KP",
    )
    custody.register(registrar, "D-0001", camp, who, arrived)
