# SPDX-License-Identifier: AGPL-3.0-or-later
"""Operators on duty with open desks, and cases that they can open. Needs Django started and migrated."""

import random
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from bench import signed_in
from bench.limit_app import LABEL, TEXT
from safeconduct.cli import ceremony
from safeconduct.cli.places import places
from safeconduct.desk.cases import arrivals, keys
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators import acts, duty, duty_acts, index_key, vaults
from safeconduct.desk.operators.models import IndexKey
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing.envelope import Purpose, seal, serialise
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.vault import VaultCost
from safeconduct.spool.contract import Waiting
from safeconduct.vocabulary.identifiers import ConversationId
from safeconduct.vocabulary.languages import LANGUAGES
from safeconduct.vocabulary.records import PersonText, encode

MESSAGES = 10


@dataclass(frozen=True, slots=True)
class AtWork:
    """An operator: the cookies of their browser, and what the desk makes of them."""

    cookies: dict[str, str]
    hand: Hand


def people(count: int, team: PrivateKey) -> list[AtWork]:
    """They hold this key of intake, which is made for the run. Their passphrases cost nothing: nobody signs in here."""
    vaults.COST = VaultCost(memory_kib=8, iterations=1, lanes=1)
    IndexKey.objects.all().delete()  # the demonstration's, which the new key does not open
    key = acts.found_team("intake", team.public, demonstration=True)
    return [_on_duty(acts.add_operator(f"bench {number}", Role.OPERATOR), key, team) for number in range(count)]


def whole_case(team: PrivateKey) -> str:
    """One case of ten messages that open, as the edge would have sent it. Its number."""
    signer = ceremony.read_signing_key(places().credentials / "edge" / "signing.key")
    conversation, body = ConversationId(secrets.token_bytes(16)), encode(PersonText(TEXT))
    day, to = datetime.now(UTC).date(), [team.public]
    said: dict[str, Any] = {"purpose": Purpose.TO_TEAM, "label": LABEL, "day": day, "recipients": to, "signer": signer}
    sealed = [serialise(seal(body, conversation=conversation, **said)) for _ in range(MESSAGES)]
    arrivals.take_over([Waiting(at, one, time.time()) for at, one in enumerate(sealed)], keys.of_this_desk())
    return Case.objects.get(conversation=conversation).number


def _on_duty(welcome: Any, key: Any, team: PrivateKey) -> AtWork:
    acts.let_in(key, team, welcome.operator)
    keyring, given = signed_in.browser_of(welcome)
    exchange = duty_acts.Exchange(keys.of_this_desk().signer, None)
    languages = random.Random(welcome.operator.pk).sample(sorted(LANGUAGES), 3)
    duty_acts.save_card(keyring, duty.Card(tuple(languages)), exchange)
    duty_acts.begin(keyring, given[settings.SESSION_COOKIE_NAME], exchange)
    hand = Hand(
        welcome.operator, keyring.private, team, keys.of_this_desk(), index_key=lambda: index_key.index_key(keyring)
    )
    return AtWork(given, hand)
