# SPDX-License-Identifier: AGPL-3.0-or-later
"""The keys that one request may use."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from safeconduct.desk.operators import fingerprints
from safeconduct.desk.operators.errors import Locked, NotAdmitted
from safeconduct.desk.operators.models import Membership, Operator, TeamKey
from safeconduct.sealing import vault
from safeconduct.sealing.keys import PrivateKey


@dataclass(frozen=True, slots=True, repr=False)
class HeldKey:
    """One version of a team's key, opened."""

    row: TeamKey
    private: PrivateKey

    @property
    def team(self) -> str:
        return self.row.team.code

    @property
    def version(self) -> int:
        return self.row.version


class Keyring:
    """A signed-in operator and, while unlocked, their key. It lives as long as one request."""

    def __init__(self, operator: Operator, private: PrivateKey | None) -> None:
        self.operator = operator
        self._private = private

    @property
    def is_locked(self) -> bool:
        return self._private is None

    @property
    def private(self) -> PrivateKey:
        """The operator's own private key. Raises `Locked`."""
        if self._private is None:
            raise Locked("the passphrase opens it again")
        return self._private

    @property
    def fingerprint(self) -> str:
        """Of the key that the passphrase opened, whatever the database says. Raises `Locked`."""
        return fingerprints.spoken(self.private.public.raw)

    @cached_property
    def _teams(self) -> dict[str, list[HeldKey]]:
        private, opened = self.private, defaultdict(list)
        places = Membership.objects.filter(operator=self.operator, wrapped__isnull=False)
        for place in places.select_related("key__team").order_by("-key__version"):
            code, version = place.key.team.code, place.key.version
            team = vault.open_team_key(bytes(place.wrapped or b""), private, team_code=code, version=version)
            opened[code].append(HeldKey(place.key, team))
        return opened

    def held_keys(self, code: str) -> list[HeldKey]:
        """Every version of that team's key that the operator holds, newest first. Raises `Locked`, `NotAdmitted`."""
        held = self._teams.get(code)
        if not held:
            raise NotAdmitted(f"no colleague has let the operator in to {code}")
        return held

    def team_privates(self, code: str) -> Sequence[PrivateKey]:
        """The private halves of these. Raises `Locked`, `NotAdmitted`."""
        return [held.private for held in self.held_keys(code)]

    def team_private(self, code: str) -> PrivateKey:
        """The newest of them. Raises `Locked`, `NotAdmitted`."""
        return self.team_privates(code)[0]


class DeskRequest(HttpRequest):
    """A request that passed a guard. Only for annotations: the middleware puts these there."""

    keyring: Keyring
    htmx: HtmxDetails


def keyring_of(request: HttpRequest) -> Keyring | None:
    """The keyring that the middleware put on the request; None without a session."""
    keyring: Keyring | None = request.keyring  # type: ignore[attr-defined]  # no stub knows our middleware
    return keyring
