# SPDX-License-Identifier: AGPL-3.0-or-later
"""The key of a team's search index: 32 random bytes that only the team's own key opens.

It is closed under the team's private half, not sealed to the public one: whoever can write into the database could
otherwise lay a key there that they know, and read the index that is made with it.
"""

import secrets

from django.db import transaction

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.operators.errors import NotAdmitted
from safeconduct.desk.operators.keyring import HeldKey, Keyring
from safeconduct.desk.operators.models import IndexKey, Team
from safeconduct.sealing import vault

INDEXED = frozenset({"intake", "custody", "bureau"})  # the teams that search by name; each house has its own of them


def index_key(keyring: Keyring, team: str = "intake") -> bytes:
    """The team's key, 32 bytes. A desk that has none yet gets it now.

    Raises `Locked`, `NotAdmitted` (also for who holds only versions of the team's key that do not open it).
    """
    held = keyring.held_keys(team)
    known = _opened(held)
    if known is None:
        known = _made_once(keyring, team, held)
    return known


def keep_under(held: HeldKey, key: bytes) -> None:
    """Close the key under one more version of the team's key; one that is there stays."""
    wrapped = vault.wrap_index_key(held.private, key, team_code=held.team, version=held.version)
    IndexKey.objects.get_or_create(key=held.row, defaults={"wrapped": wrapped})


def make_once(held: HeldKey) -> None:
    """Give a team that is searched its index key, when the first person is let in to it."""
    if held.team in INDEXED and not IndexKey.objects.filter(key__team__code=held.team).exists():
        keep_under(held, secrets.token_bytes(vault.INDEX_KEY_BYTES))


def _opened(held: list[HeldKey]) -> bytes | None:
    by_key = {one.row.pk: one for one in held}
    for row in IndexKey.objects.filter(key__in=by_key).order_by("-key__version"):
        one = by_key[row.key_id]
        return vault.open_index_key(one.private, bytes(row.wrapped), team_code=one.team, version=one.version)
    return None


@transaction.atomic
def _made_once(keyring: Keyring, team: str, held: list[HeldKey]) -> bytes:
    """Two members may come at the same moment: the team's row lets one of them go first."""
    Team.objects.select_for_update().get(code=team)
    known = _opened(held)
    if known is not None:
        return known
    if IndexKey.objects.filter(key__team__code=team).exists():
        raise NotAdmitted(f"the index key of {team} is under a version that the operator does not hold")
    key = secrets.token_bytes(vault.INDEX_KEY_BYTES)
    for one in held:
        keep_under(one, key)
    audit.record(keyring.operator, "operators.index_key", team)
    return key
