# SPDX-License-Identifier: AGPL-3.0-or-later
"""What only a demonstration has: keys beside the data, people whose sign-in is written down, texts nobody approved.

Everything made here is marked, and `edge` and `desk` refuse it unless told: see `DEMONSTRATION_MARK`, the mark inside
the signed trust anchor, and `TeamKey.demonstration`.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from safeconduct.cli import ceremony
from safeconduct.cli.places import DEMONSTRATION_MARK, Places, write_private

ANCHOR_FOR = timedelta(days=365)
TERMINAL = "terminal"  # the channel of `safeconduct chat`, which no real line has


class SignIn(msgspec.Struct, frozen=True):
    """How one demonstration person signs in. A real line writes this nowhere."""

    name: str
    role: str
    passphrase: str


def sign_in_file(here: Places) -> Path:
    return here.demonstration / "signin.json"


def sign_ins(here: Places) -> list[SignIn]:
    """Who can sign in to this demonstration."""
    return msgspec.json.decode(sign_in_file(here).read_bytes(), type=list[SignIn])


def custody_sign_in_file(here: Places) -> Path:
    return here.demonstration / "custody-signin.json"


def of_custody(here: Places, origin: str) -> list[str]:
    """What to do in the other house, line by line."""
    people = msgspec.json.decode(custody_sign_in_file(here).read_bytes(), type=list[SignIn])
    return [
        f"  Custody, another house with people of its own: sign in at {origin}/",
        *(f"       {person.name:<9} {person.role:<14} {person.passphrase}" for person in people),
        "     their six-digit code there    SAFECONDUCT_HOUSE=custody .venv/bin/safeconduct code daryna",
        "     Then look at Duties: what the Convention asks for the one who arrived three days ago.",
    ]


def signers(here: Places, role: str) -> list[Path]:
    return [here.demonstration / f"{role}-{number}.key" for number in (1, 2)]


def make_chat_keys_once(here: Places) -> None:
    """The keys of a chat, for a demonstration that has none yet."""
    ceremony.make_route_key(here.credentials)
    if TERMINAL not in ceremony.read_delivery(here.credentials):
        ceremony.make_channel(here.credentials, TERMINAL)


def make_credentials(here: Places) -> None:
    """The doors' secrets, two publishers, two reviewers and the trust anchor, each marked as a demonstration's."""
    ceremony.make_doors(here.credentials)
    write_private(
        here.credentials / DEMONSTRATION_MARK,
        b"These keys were made by `safeconduct up`. Never use them for a real line.\n",
    )
    public = {role: [ceremony.make_signer(path) for path in signers(here, role)] for role in ("publisher", "reviewer")}
    ceremony.make_anchor(
        here.credentials,
        publishers=public["publisher"],
        reviewers=public["reviewer"],
        threshold=2,
        expires=datetime.now(UTC).replace(microsecond=0) + ANCHOR_FOR,
        demonstration=True,
    )
