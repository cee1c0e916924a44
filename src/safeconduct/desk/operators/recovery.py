# SPDX-License-Identifier: AGPL-3.0-or-later
"""Letting somebody in to a team with the shares of its key, when no colleague can."""

from django.db import transaction

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.operators import acts, index_key, names, rotation
from safeconduct.desk.operators.acts import Welcome
from safeconduct.desk.operators.errors import NotAllowed, UnknownTeam
from safeconduct.desk.operators.keyring import HeldKey
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing.keys import PrivateKey
from safeconduct.vocabulary.secrets import KeySeed


@transaction.atomic
def note_shares(held: HeldKey, *, need: int, of: int) -> None:
    """That this version has shares, and who opened it for them; nothing of the shares."""
    held.row.shares = f"{need}/{of}"
    held.row.save(update_fields=["shares"])
    audit.record(None, "operators.shares_made", f"{held.team} {held.version} {held.row.shares}")


@transaction.atomic
def recover(code: str, seed: KeySeed, name: str, role: Role | None) -> Welcome | None:
    """Wrap the team's key to this person, and take from nobody. A name that is not there becomes a new operator.

    Raises `UnknownTeam` when the seed is of no version that is in use, `NotAllowed` for a person of another team.
    """
    private = PrivateKey.from_seed(seed)
    matching = [key for key in rotation.in_use(code) if bytes(key.public) == private.public.raw]
    if not matching:
        raise UnknownTeam(f"these shares are of no key of {code} that is in use")
    operator, welcome = Operator.objects.filter(name=names.as_typed(name), active=True).first(), None
    if operator is None and role is not None:
        welcome = acts.add_operator(name, role)
        operator = welcome.operator
    if operator is None or operator.plays.team != code:
        raise NotAllowed(f"this person does not belong to {code}")
    held = HeldKey(matching[0], private)
    acts.wrap_to(held, operator)
    index_key.make_once(held)
    audit.record(None, "operators.recovered", f"{operator.name} {code} {held.version}")
    return welcome
