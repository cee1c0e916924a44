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
_SECOND = "bohdan"  # the other registrar
_OLDER = "     An earlier release made this one, without bohdan: move {home} away to have him."
_WALK = (  # in custody; each line fits a terminal of 80 columns
    "     What to try first:",
    "       1  daryna, Arrivals: up to forty people on a sheet; numbers are enough.",
    "       2  daryna, Duties: what the Convention asks for, and the one who is late.",
    "       3  daryna, Duties, Capture card: print all that are due in a camp.",
    "       4  nadia, Mail, Capture cards: tick those printed; enter them as sent.",
    "       5  daryna, Persons, D-0001, Wish: to be exchanged, with all that makes it",
    "          valid; once of yesterday 08:00, once of today: 12 hours lie between.",
    "       6  daryna, Exchange: build a list with D-0001. bohdan opens the same list",
    "          and approves it: two people. daryna cannot approve her own.",
    "       7  vira, Medical: the weights of a ward. monitor, Audit: who did what.",
)


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
        *(f"     {person.name:<8} {person.role:<14} {person.passphrase}" for person in people),
        "     a six-digit code:  SAFECONDUCT_HOUSE=custody .venv/bin/safeconduct code daryna",
        *_WALK,
        *([] if any(person.name == _SECOND for person in people) else [_OLDER.format(home=here.home)]),
        "     What it lacks:  .venv/bin/safeconduct custody doctor --demonstration",
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
