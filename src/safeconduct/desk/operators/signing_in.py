# SPDX-License-Identifier: AGPL-3.0-or-later
"""Proving who one is: name, passphrase, code. Whatever is wrong, the answer and the work are the same."""

from dataclasses import dataclass

from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.operators import vaults
from safeconduct.desk.operators.models import Operator
from safeconduct.sealing.vault import OperatorKeys


@dataclass(frozen=True, slots=True, repr=False)
class Proven:
    """The operator and their opened key."""

    operator: Operator
    keys: OperatorKeys


def prove(name: str, passphrase: str, code: str) -> Proven | None:
    """Open the vault and spend the code, or None. An unknown name costs the same work."""
    operator = Operator.objects.filter(name=" ".join(name.casefold().split()), active=True).first()
    record = bytes(operator.vault) if operator else vaults.nobodys()
    keys = vaults.opened(record, vaults.typed(passphrase))
    if operator is None or keys is None:
        return None
    return Proven(operator, keys) if _code_is_right(operator, code) else None


@transaction.atomic
def _code_is_right(operator: Operator, code: str) -> bool:
    """A code counts once. Only someone who has the passphrase comes this far, and only they are slowed here."""
    device = TOTPDevice.objects.select_for_update().filter(user=operator).first()
    right = device is not None and device.verify_token("".join(code.split()))
    if not right:
        audit.record(operator, "operators.refused")
    return right
