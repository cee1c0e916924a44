# SPDX-License-Identifier: AGPL-3.0-or-later
"""The keys that one request may use."""

from functools import cached_property

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from safeconduct.desk.operators.errors import Locked, NotAdmitted
from safeconduct.desk.operators.models import Membership, Operator
from safeconduct.sealing import vault
from safeconduct.sealing.keys import PrivateKey


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

    @cached_property
    def _teams(self) -> dict[str, PrivateKey]:
        private, opened = self.private, {}
        places = Membership.objects.filter(operator=self.operator, wrapped__isnull=False)
        for place in places.select_related("key__team").order_by("key__version"):
            code, version = place.key.team.code, place.key.version
            opened[code] = vault.open_team_key(bytes(place.wrapped or b""), private, team_code=code, version=version)
        return opened

    def team_private(self, code: str) -> PrivateKey:
        """The newest private key of that team that the operator holds. Raises `Locked`, `NotAdmitted`."""
        try:
            return self._teams[code]
        except KeyError as error:
            raise NotAdmitted(f"no colleague has let the operator in to {code}") from error


class DeskRequest(HttpRequest):
    """A request that passed a guard. Only for annotations: the middleware puts these there."""

    keyring: Keyring
    htmx: HtmxDetails


def keyring_of(request: HttpRequest) -> Keyring | None:
    """The keyring that the middleware put on the request; None without a session."""
    keyring: Keyring | None = request.keyring  # type: ignore[attr-defined]  # no stub knows our middleware
    return keyring
