# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this door seals: to one team's public key, always signed, never readable here again. To which: see `instructions`."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from safeconduct.sealing.envelope import Purpose, seal, serialise
from safeconduct.sealing.keys import PublicKey
from safeconduct.sealing.signatures import SigningKey
from safeconduct.vocabulary.applications import Kind, Urgency, urgency_of
from safeconduct.vocabulary.contact import WEB
from safeconduct.vocabulary.identifiers import ConversationId
from safeconduct.vocabulary.labels import Label
from safeconduct.vocabulary.records import ApplicationFacts, ErasureWish, PersonText, Record, encode
from safeconduct.vocabulary.secrets import Sealed


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals one conversation's records on one day. The stored day is all that is left of the time."""

    conversation: ConversationId
    team: PublicKey
    signer: SigningKey
    day: date
    channel: str = WEB

    def application(self, facts: ApplicationFacts, text: PersonText | None) -> tuple[Sealed, ...]:
        """Facts and, when something was written, text: two envelopes, so that text can be destroyed alone (R3)."""
        label = Label(self.channel, facts.language, Kind.APPLICATION, urgency_of(facts.stage))
        records: Iterable[Record] = (facts,) if text is None else (facts, text)
        return tuple(self.seal(record, label) for record in records)

    def message(self, text: PersonText, *, language: str, urgency: Urgency) -> Sealed:
        """A later message, as urgent as its application was."""
        return self.seal(text, Label(self.channel, language, Kind.MESSAGE, urgency))

    def erasure(self, *, language: str) -> Sealed:
        """R48: the notice that makes the desk forget as well."""
        return self.seal(ErasureWish(), Label(self.channel, language, Kind.ERASURE, Urgency.SOON))

    def seal(self, record: Record, label: Label) -> Sealed:
        """Any record of this conversation, under the label that travels in clear."""
        return Sealed(
            serialise(
                seal(
                    encode(record),
                    purpose=Purpose.TO_TEAM,
                    conversation=self.conversation,
                    label=label,
                    day=self.day,
                    recipients=(self.team,),
                    signer=self.signer,
                )
            )
        )


@functools.lru_cache(maxsize=8)
def public_key(team: bytes) -> PublicKey:
    """Checked once, not for each thing that is sealed to it: the board changes it rarely. Raises `KeyRefused`."""
    return PublicKey.parse(team)


def day_of(moment: float) -> date:
    """The UTC day of a Unix time."""
    return datetime.fromtimestamp(moment, UTC).date()
