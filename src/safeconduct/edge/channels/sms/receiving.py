# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an SMSC delivers, from its arrival to our answer: read, joined, handed over, and only then acknowledged."""

import hashlib
import logging
from collections.abc import Sequence

from aiosmpplib import EnquireLink, SmppCommandStatus

from safeconduct.edge.channels.contract import Address, Inbound, Take
from safeconduct.edge.channels.errors import ChannelDown
from safeconduct.edge.channels.sms import alphabets
from safeconduct.edge.channels.sms.heard import Entry, Heard, answered
from safeconduct.edge.channels.sms.joining import Group, Joining, Received
from safeconduct.edge.channels.sms.payloads import delivery
from safeconduct.edge.channels.sms.session import Arrival, Session

_log = logging.getLogger(__name__)


class Receiving:
    """Lives as long as the channel: it remembers what was heard on earlier sessions."""

    def __init__(self, alphabet: alphabets.Default, join_seconds: float) -> None:
        self._alphabet, self._join_seconds = alphabet, join_seconds
        self.memory = Heard()
        self.unknown = 0  # well-formed, and no person's message: receipts
        self.malformed = 0

    async def run(self, session: Session, take: Take) -> None:
        """Until the session ends."""
        joining = Joining(self._join_seconds)
        try:
            while session.ended is None:
                arrivals = await session.arrived(joining.patience())
                groups = [group for arrival in arrivals for group in self._read(arrival, joining)]
                await self._hand_over(session, [*groups, *joining.overdue()], take)
        finally:
            for received in joining.held():
                session.answer(received.arrival, SmppCommandStatus.ESME_RX_T_APPN)

    def _read(self, arrival: Arrival, joining: Joining) -> list[Group]:
        found = delivery(arrival.pdu.body)
        if found is None:
            self.malformed += 1
            arrival.session.answer(arrival, SmppCommandStatus.ESME_RX_P_APPN)
            return []
        if not found.is_from_person:
            self.unknown += 1
            arrival.session.answer(arrival, SmppCommandStatus.ESME_ROK)
            return []
        before = self.memory.repeated(found.digest(), arrival) if found.part else None
        if before is not None and before.is_stored:  # it is durable; the other parts of it may not come again
            arrival.session.answer(arrival, SmppCommandStatus.ESME_ROK)
            return []
        return joining.add(Received(arrival, found))

    async def _hand_over(self, session: Session, groups: Sequence[Group], take: Take) -> None:
        if not groups:
            return
        status = SmppCommandStatus.ESME_RX_T_APPN
        entries: list[Entry] = []
        try:
            await take([self._inbound(group, entries) for group in groups])
            status = SmppCommandStatus.ESME_ROK
        except Exception as error:  # noqa: BLE001 - whatever it was, the SMSC hears that it is not stored
            _log.warning("sms: not stored (%s); the SMSC will send it again", type(error).__name__)
        finally:
            for received in (one for group in groups for one in (*group.parts, *group.repeats)):
                session.answer(received.arrival, status)
            for entry in entries:
                answered(entry, is_stored=status == SmppCommandStatus.ESME_ROK)
        if status == SmppCommandStatus.ESME_ROK:
            session.background(_prove(session, entries))

    def _inbound(self, group: Group, entries: list[Entry]) -> Inbound:
        first = group.parts[0].delivery
        digests = [one.delivery.digest() for one in group.parts]
        digest = digests[0] if len(digests) == 1 else hashlib.blake2b(b"".join(digests), digest_size=16).digest()
        entry = self.memory.heard(digest, group.parts[-1].arrival)
        entries.append(entry)
        if len(digests) > 1:
            pairs = zip(digests, group.parts, strict=True)
            entries.extend(self.memory.heard(each, one.arrival) for each, one in pairs)
        message_id = digest.hex() if first.name else f"{digest.hex()}.{entry.slot}.{entry.ordinal}"
        text = None if first.is_for_program else self._text(group)
        return Inbound(Address(first.source), message_id, text=text, is_other=text is None)

    def _text(self, group: Group) -> str | None:
        """Where a part is missing in between, the text shows it."""
        runs: list[list[tuple[bytes, int]]] = []
        expected = -1
        for one in (received.delivery for received in group.parts):
            index = one.part.index if one.part else 0
            if index != expected:
                runs.append([])
            runs[-1].append((one.octets, one.coding))
            expected = index + 1
        texts = [alphabets.joined(run, self._alphabet) for run in runs]
        return None if None in texts else " … ".join(text or "" for text in texts)


async def _prove(session: Session, entries: Sequence[Entry]) -> None:
    """Its answer proves that the acknowledgements before it were read."""
    try:
        await session.ask(EnquireLink())
    except (ChannelDown, ConnectionError):
        return
    for entry in entries:
        entry.is_proved = True
