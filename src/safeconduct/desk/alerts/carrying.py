# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock's courier: a message on every transport in every slot, whether or not there is something to look at.

Sending happens in threads of its own, so that a mail server that answers slowly delays neither the record nor anything
else that the clock does. Only the clock's thread touches the database.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import QuerySet

from safeconduct.desk.alerts import messages, registry
from safeconduct.desk.alerts.audited import TRANSPORT
from safeconduct.desk.alerts.models import Alert, Carried
from safeconduct.desk.alerts.raising import raise_alert, settle_alert
from safeconduct.desk.alerts.settings import Heartbeat, Settings, Transport

HEARTBEAT = "heartbeat."  # with its dot no transport can be called so
RETRY = timedelta(minutes=2)
LONG = timedelta(minutes=30)  # failing for longer raises an alert
DEADLINE = timedelta(minutes=1)
STUCK_MAX = 3  # threads of one transport that may hang at once

Notify = Callable[[str, str, str], bool]  # address, title, body: whether it was taken
Ping = Callable[[str], bool]


@dataclass(slots=True)
class _Errand:
    """One message on its way."""

    thread: threading.Thread
    begun: datetime
    slot: int | None  # None: outside of the slots
    answer: list[bool] = field(default_factory=list)


class Courier:
    """One for each clock. `run` returns at once; what became of an errand is kept by a later `run`."""

    def __init__(self, notify: Notify, ping: Ping) -> None:
        self._notify = notify
        self._ping = ping
        self._errands: dict[str, _Errand] = {}
        self._stuck: dict[str, list[threading.Thread]] = {}

    def run(self, now: datetime, said: Settings) -> None:
        """Keep what came of the errands that ended, and send out what is due."""
        Carried.objects.exclude(name__in=[HEARTBEAT, *(one.name for one in said.transport)]).delete()
        for name in tuple(self._errands):
            self._look_after(name, now)
        for transport in said.transport:
            self._carry(transport, now, said)
        if said.heartbeat is not None and not _all_fail(said, now):
            self._beat(said.heartbeat, now)
        _tell_of_failure(said, now)

    def _carry(self, transport: Transport, now: datetime, said: Settings) -> None:
        row, _ = Carried.objects.get_or_create(name=transport.name)
        slot = messages.slot_of(now, said.every)
        is_urgent = said.urgent and _is_owed(transport, row, said)
        # Not "later than": a clock that was set back must not silence the transport until it has caught up.
        if (row.slot == slot and not is_urgent) or not self._may_try(row, now):
            return
        said_now = messages.body(transport.name, slot, looks=has_to_look(transport, said))
        self._send_out(
            transport.name,
            lambda: self._notify(transport.url, said.title, said_now),
            now,
            None if row.slot == slot else slot,
        )

    def _beat(self, heartbeat: Heartbeat, now: datetime) -> None:
        row, _ = Carried.objects.get_or_create(name=HEARTBEAT)
        slot = messages.slot_of(now, timedelta(minutes=heartbeat.every_minutes))
        if row.slot != slot and self._may_try(row, now):
            self._send_out(HEARTBEAT, lambda: self._ping(heartbeat.url), now, slot)

    def _may_try(self, row: Carried, now: datetime) -> bool:
        stuck = [one for one in self._stuck.get(row.name, ()) if one.is_alive()]
        self._stuck[row.name] = stuck
        waits = bool(row.failures) and row.tried is not None and timedelta(0) <= now - row.tried < RETRY
        return row.name not in self._errands and len(stuck) < STUCK_MAX and not waits

    def _send_out(self, name: str, errand: Callable[[], bool], now: datetime, slot: int | None) -> None:
        answer: list[bool] = []

        def go() -> None:
            try:
                answer.append(errand())
            except Exception:  # noqa: BLE001 - a thread's outermost place; a library's error may repeat the address
                answer.append(False)

        # A daemon: a server that never answers must not keep the clock from ending.
        thread = threading.Thread(target=go, name="alert", daemon=True)
        self._errands[name] = _Errand(thread, now, slot, answer)
        thread.start()

    def _look_after(self, name: str, now: datetime) -> None:
        errand = self._errands[name]
        if errand.thread.is_alive():
            if timedelta(0) <= now - errand.begun < DEADLINE:
                return
            self._stuck.setdefault(name, []).append(errand.thread)
        del self._errands[name]
        _keep(name, errand, now, is_through=errand.answer[:1] == [True])


def has_to_look(transport: Transport, said: Settings) -> bool:
    """Whether somebody who reads this transport has been asked, and nobody has answered."""
    step = said.step_of(transport)
    return _asking().filter(step__gte=step).exists()


def failing_long(now: datetime) -> list[str]:
    """The transports that have not got through for half an hour, and the heartbeat."""
    return list(Carried.objects.filter(failing_since__lt=now - LONG).values_list("name", flat=True))


def _is_owed(transport: Transport, row: Carried, said: Settings) -> bool:
    """Whether its step was reached after its last message outside of the slots: each is asked once, and all in the end."""
    steps = (said.step_of(transport), len(said.order))
    asks = _asking().filter(step__in=steps)
    return (asks.filter(step_since__gt=row.told) if row.told else asks).exists()


def _asking() -> QuerySet[Alert]:
    """What an alert with an audience of its own never touches: the messages are read by others as well."""
    return Alert.objects.filter(acknowledged_by=None, is_over=False).exclude(kind__in=registry.apart())


def _keep(name: str, errand: _Errand, now: datetime, *, is_through: bool) -> None:
    row = Carried.objects.filter(name=name).first()
    if row is None:  # it was taken out of the settings meanwhile
        return
    row.tried = now
    if is_through:
        row.last_done, row.failures, row.failing_since = now, 0, None
        row.slot = row.slot if errand.slot is None else errand.slot
        row.told = errand.begun
    else:
        row.failures, row.failing_since = row.failures + 1, row.failing_since or now
    row.save()


def _all_fail(said: Settings, now: datetime) -> bool:
    """Then the heartbeat stops as well: whoever watches it from outside is the last who can be told."""
    names = {one.name for one in said.transport}
    return bool(names) and names <= set(failing_long(now))


def _tell_of_failure(said: Settings, now: datetime) -> None:
    names = {HEARTBEAT, *(one.name for one in said.transport)}
    tell = raise_alert if names & set(failing_long(now)) else settle_alert
    tell(TRANSPORT)


@dataclass(frozen=True, slots=True)
class Fares:
    """How one transport fares, for the health page. The heartbeat has no name."""

    name: str
    last_done: datetime | None
    failing_since: datetime | None
    failures: int


def fares(said: Settings) -> list[Fares]:
    """Every transport of the settings, those that never carried anything included."""
    names = [one.name for one in said.transport] + ([HEARTBEAT] if said.heartbeat else [])
    rows = Carried.objects.in_bulk(names)
    return [_fares(name, rows.get(name)) for name in names]


def _fares(name: str, row: Carried | None) -> Fares:
    shown = "" if name == HEARTBEAT else name
    if row is None:
        return Fares(shown, None, None, 0)
    return Fares(shown, row.last_done, row.failing_since, row.failures)
