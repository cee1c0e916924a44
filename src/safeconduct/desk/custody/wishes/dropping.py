# SPDX-License-Identifier: AGPL-3.0-or-later
"""An exchange list that is not used, whoever stands on it: nothing is opened for that."""

from safeconduct.desk.approvals import acts as deciding
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import crossing
from safeconduct.desk.custody.wishes.errors import ListSettled
from safeconduct.desk.custody.wishes.kinds import LIST
from safeconduct.desk.custody.wishes.models import LIVING, ExchangeList, ListState
from safeconduct.desk.operators.models import Operator


@crossing.act
def drop(actor: Operator, pk: int) -> None:
    """What was agreed on is void. Raises `ListSettled`."""
    row = ExchangeList.objects.select_for_update().filter(pk=pk, state__in=LIVING).first()
    if row is None:
        raise ListSettled
    deciding.supersede(LIST, str(pk), actor=actor)
    row.state = ListState.DROPPED.value
    row.save(update_fields=["state"])
    audit.record(actor, "custody.exchange_dropped", str(pk))
