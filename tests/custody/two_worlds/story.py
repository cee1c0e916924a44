# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happens in custody in either world, word for word. Needs Django started in custody's process."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import setup_test_environment
from tests.custody.two_worlds.stillness import MOMENT
from tests.custody.two_worlds.walking import Walker
from tests.desk.conftest import CHEAP, House, Person, found

from safeconduct.desk.alerts.carrying import Courier
from safeconduct.desk.custody import acts
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.duties import BY_CODE
from safeconduct.desk.custody.models import Camp
from safeconduct.desk.operators import acts as people
from safeconduct.desk.operators import roles, vaults
from safeconduct.desk.operators.roles import Role
from safeconduct.desk.project import custody_clock
from safeconduct.vocabulary.custody import CampKind, Category

TEAMS = sorted({role.team for role in roles.here() if role.team})


@dataclass
class World:
    """Custody with its people."""

    house: House

    @classmethod
    def begin(cls) -> "World":
        setup_test_environment()
        vaults.COST = CHEAP
        keys = {"monitor": found("monitor")} | {code: found(code) for code in TEAMS if code != "monitor"}
        staff = {}
        for role in sorted(roles.here(), key=str):
            welcome = people.add_operator(f"{role.value} one", role)
            if role.team:
                people.let_in(people.team_key(role.team), keys[role.team], welcome.operator)
            staff[role] = Person(welcome)
        return cls(House(keys, staff))

    def register(self, numbers: list[str], family: list[str], today: date) -> None:
        """By the page that a registrar uses, on days of their own."""
        registrar = self.house.person(Role.REGISTRAR).operator
        for name, kind in (("Camp one", CampKind.TRANSIT), ("Camp two", CampKind.PERMANENT)):
            acts.open_camp(registrar, name, kind, {Category.OTHER_RANKS: 3}, When(today - timedelta(days=60)))
        browser = self.house.signed_in(Role.REGISTRAR)
        camps = [camp.pk for camp in Camp.objects.order_by("pk")]
        for at, (number, surname) in enumerate(zip(numbers, family, strict=True)):
            said = {"number": number, "surname": surname, "camp": str(camps[at % 2]), "language": "ru"}
            day = (today - timedelta(days=3 * at + 2)).isoformat()
            answer = browser.post(
                "/register/", said | {"day": day, "in_power_since": day, "first_names": "A", "rank": "B"}
            )
            assert answer.status_code == 302, answer.content.decode()

    def tokens(self, numbers: list[str]) -> list[str]:
        """What somebody may carry to the other house. It stands on the page that a registrar opens of everybody."""
        browser, found = self.house.person(Role.REGISTRAR).browser, []
        for number in numbers:
            page = browser.get(f"/persons/{number}/details/").content.decode()
            found.append(re.sub(r"\s", "", re.findall(r"<code>([0-9a-f ]+)</code>", page)[0]))
        return found

    def live_on(self, numbers: list[str]) -> dict[str, str]:
        """Every role looks at everything and enters everything, the clock does all it has to; then all that there is."""
        walkers = [
            Walker(role.value, self.house.signed_in(role), _values(numbers)) for role in sorted(roles.here(), key=str)
        ]
        for walker in walkers:
            walker.walk()
        _let_the_clock_run()
        for walker in walkers:
            walker.look_again()
        pages = {f"page {what}": page for walker in walkers for what, page in walker.seen.items()}
        return pages | _tables() | _files()


def _values(numbers: list[str]) -> dict[str, list[str]]:
    rows = ["1", "2"]
    return {"number": numbers[:1], "int": rows, "pk": rows, "code": sorted(BY_CODE)[:6], "any": [numbers[0]]}


def _let_the_clock_run() -> None:
    def nobody(*_said: object, **_more: object) -> bool:
        return True

    table = custody_clock.runs(Courier(nobody, nobody))
    for act in custody_clock.TABLE:
        table[act.name](MOMENT)


def _tables() -> dict[str, str]:
    """Every row of every model of this house, and the database as it describes itself: sequences and indexes too."""
    models: list[Any] = [*apps.get_models(include_auto_created=True), MigrationRecorder.Migration]
    told = {
        f"table {model._meta.db_table}": "\n".join(map(repr, model._base_manager.order_by("pk").values_list()))
        for model in models
    }
    if connection.vendor == "sqlite":
        told |= {f"sql {at:06}": line for at, line in enumerate(connection.connection.iterdump())}
    return told


def _files() -> dict[str, str]:
    """Names, rights and contents of what lies in custody's folders. A database file's pages may lie in any order: its rows count."""
    told = {}
    for root in (settings.DESK.state, settings.DESK.secrets):
        for path in sorted(root.rglob("*")):
            is_database = ".db" in path.name
            content = "" if path.is_dir() or is_database else hashlib.sha256(path.read_bytes()).hexdigest()
            told[f"file {path.relative_to(root.parent.parent)}"] = f"{path.stat().st_mode:o} {content}"
    return told
