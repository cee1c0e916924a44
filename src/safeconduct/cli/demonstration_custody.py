# SPDX-License-Identifier: AGPL-3.0-or-later
"""The people and the camp of custody's demonstration. Needs Django started."""

from datetime import timedelta

import msgspec
from django.db import transaction

from safeconduct.cli.demonstration import SignIn, custody_sign_in_file
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
    ("bohdan", Role.REGISTRAR),  # some acts are one registrar's to propose and another's to approve
    ("vira", Role.MEDICAL),
    ("stepan", Role.CAMP_COMMANDER),
    ("nadia", Role.MAIL_OFFICE),
    ("roman", Role.BUREAU),
    ("lesia", Role.COUNSEL),
    ("admin", Role.ADMINISTRATOR),
    ("monitor", Role.MONITOR),
)
TEAMS = ("monitor", "custody", "medical", "mail", "bureau", "counsel")


def make_people_once(here: Places) -> None:
    """Teams, people for every role, one camp and one invented prisoner, whose papers are as late as they are in life."""
    if Operator.objects.exists():
        return
    custody_sign_in_file(here).unlink(missing_ok=True)  # of a first start that was cut off
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
        write_private(custody_sign_in_file(here), msgspec.json.format(msgspec.json.encode(known)))


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
