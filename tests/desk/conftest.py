# SPDX-License-Identifier: AGPL-3.0-or-later
"""A desk with its teams and one person per role, on a real database file."""

import dataclasses
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import django
import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safeconduct.desk.project.settings")
django.setup()  # pytest reads this file before pytest-django has set Django up, and models need that

# ruff: noqa: E402 -- for the same reason
from django.conf import settings as desk_settings
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.utils import translation
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from tests.desk import postgres

from safeconduct.desk.operators import acts, roles, vaults
from safeconduct.desk.operators.acts import Welcome
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.desk.project import databases
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.signatures import SigningKey
from safeconduct.sealing.vault import VaultCost

desk_settings.SECRET_KEY = "of tests alone, and long enough"
PRODUCTION_COST = vaults.COST  # read before any test could replace it
SIGNING = SigningKey.from_seed(bytes(range(32)))
CHEAP = VaultCost(memory_kib=8, iterations=1, lanes=1)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A real SQLite file; with SAFECONDUCT_TEST_POSTGRES=1 a PostgreSQL server of the tests' own."""
    if os.environ.get("SAFECONDUCT_TEST_POSTGRES") != "1":
        connections["default"].settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("desk") / "desk.db")
        yield
        return
    with postgres.running() as url:
        connections.settings.update(connections.configure_settings({"default": databases.postgresql(url)}))
        del connections["default"]
        yield
        connections["default"].close()
        connections["default"].close_pool()  # type: ignore[attr-defined]  # PostgreSQL's has one


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Whatever language the last request of another test spoke: it stays with the thread, and acts speak it too."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _house_rules(settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials of this test alone, and vaults that cost nothing: no setting can choose them."""
    monkeypatch.setattr(vaults, "COST", CHEAP)
    here = tmp_path / settings.DESK.house  # type: ignore[attr-defined]
    here.mkdir()
    (here / "signing.key").write_bytes(SIGNING.seed)
    doors = {"edge": SigningKey.generate().verify_key.raw.hex(), "desk": SIGNING.verify_key.raw.hex()}
    (tmp_path / "doors.json").write_text(json.dumps(doors))
    settings.DESK = dataclasses.replace(settings.DESK, home=tmp_path, credentials=tmp_path, files=tmp_path / "files")  # type: ignore[attr-defined]


@dataclass
class Person:
    """Someone at the desk with a browser of their own."""

    welcome: Welcome
    browser: Client = field(default_factory=Client)

    @property
    def operator(self) -> Operator:
        return Operator.objects.get(pk=self.welcome.operator.pk)

    def said(self, **changed: str) -> dict[str, Any]:
        """What they type at the door, with a code that the device takes even if it was used a moment ago."""
        device = TOTPDevice.objects.get(user=self.operator)
        TOTPDevice.objects.filter(pk=device.pk).update(last_t=-1, throttling_failure_count=0)
        code = f"{TOTP(device.bin_key).token():06}"
        return {"name": self.operator.name, "passphrase": self.welcome.passphrase, "code": code} | changed

    def sign_in(self, **changed: str) -> HttpResponse:
        answer: Any = self.browser.post("/sign-in/", self.said(**changed))
        return cast("HttpResponse", answer)


@dataclass
class House:
    """The teams' private keys, as the ceremony would know them, and the people."""

    keys: dict[str, PrivateKey]
    people: dict[Role, Person]

    def person(self, role: Role) -> Person:
        return self.people[role]

    def newcomer(self, welcome: Welcome) -> Person:
        return Person(welcome)

    def opened(self, person: Person) -> PrivateKey:
        """Their own private key, opened with their passphrase."""
        keys = vaults.opened(bytes(person.operator.vault), person.welcome.passphrase)
        assert keys is not None
        return keys.private

    def signed_in(self, role: Role) -> Client:
        person = self.people[role]
        assert person.sign_in().status_code == 303
        return person.browser


def found(code: str) -> PrivateKey:
    private = PrivateKey.generate()
    acts.found_team(code, private.public, demonstration=True)
    return private


@pytest.fixture
def found_teams() -> Callable[[], dict[str, PrivateKey]]:
    """Makes the teams' keys, for a test that opens its own kind of database."""
    return lambda: {code: found(code) for code in ("monitor", "intake", "handover")}


@pytest.fixture
def house(db: None, found_teams: Callable[[], dict[str, PrivateKey]]) -> House:
    """Each team has a key; there is one person for every role, let in where they belong."""
    keys, people = found_teams(), {}
    for role in roles.here():
        welcome = acts.add_operator(f"{role.value} one", role)
        if role.team:
            acts.let_in(acts.team_key(role.team), keys[role.team], welcome.operator)
        people[role] = Person(welcome)
    return House(keys, people)


@pytest.fixture
def operator(house: House) -> Client:
    return house.signed_in(Role.OPERATOR)


@pytest.fixture
def monitor(house: House) -> Client:
    return house.signed_in(Role.MONITOR)


@pytest.fixture
def administrator(house: House) -> Client:
    return house.signed_in(Role.ADMINISTRATOR)
