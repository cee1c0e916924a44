# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tokens are made by whoever of a team has an open desk: after a registration at once, and for what waits, at the next search.

Custody at rest cannot make one. As the register grows tokens grow longer, and old ones are made anew a few at a time.
"""

from django.db import transaction
from django.db.models import QuerySet

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import sealed
from safeconduct.desk.custody.models import Person
from safeconduct.desk.custody.names import tokens
from safeconduct.desk.custody.names.models import Indexed, Token
from safeconduct.desk.operators.errors import NotAdmitted
from safeconduct.desk.operators.index_key import index_key
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.vocabulary.reception import Received

BATCH = 100  # persons in one request
_SHORTER = 3  # bits that a token may be behind before it is made anew


def keep(person: Person, _received: Received) -> None:
    """Somebody was registered or described: each team that may read it has tokens to make."""
    for team in sealed.IDENTITY.teams:
        Indexed.objects.update_or_create(person=person, team=team, defaults={"bits": 0})


def catch_up(keyring: Keyring, most: int = BATCH) -> None:
    """Make what tokens wait for this operator's team. Nothing for who is of none, or was not let in yet."""
    team = keyring.operator.plays.team or ""
    if team not in sealed.IDENTITY.teams or not _waiting(team).exists():
        return
    try:
        key = index_key(keyring, team)
        _index(keyring, team, key, most)
    except NotAdmitted:
        return


def waiting(keyring: Keyring) -> int:
    """How many have tokens that are not made yet."""
    return Indexed.objects.filter(team=keyring.operator.plays.team or "", bits=0).count()


def _waiting(team: str) -> QuerySet[Indexed]:
    (bits,) = tokens.lengths(Indexed.objects.filter(team=team).count())[tokens.NAME]
    return Indexed.objects.filter(team=team, bits__lt=max(bits - _SHORTER, 1)).order_by("bits", "pk")


@transaction.atomic
def _index(keyring: Keyring, team: str, key: bytes, most: int) -> None:
    rows = list(_waiting(team).select_for_update()[:most])
    long = tokens.lengths(Indexed.objects.filter(team=team).count())
    known = sealed.newest_of([row.person_id for row in rows], keyring, sealed.IDENTITY)
    done = [row for row in rows if row.person_id in known]
    Token.objects.filter(team=team, person__in=[row.person_id for row in done]).delete()
    Token.objects.bulk_create(
        Token(person_id=row.person_id, team=team, value=value)
        for row in done
        for value in tokens.made(key, tokens.identity(known[row.person_id]), long)
    )
    Indexed.objects.filter(pk__in=[row.pk for row in done]).update(bits=long[tokens.NAME][0])
    if done:
        audit.record(keyring.operator, "custody.names_indexed", str(len(done)))


def _emptied() -> int:
    """Tokens say little, and without the index key nothing; but the team's key may come back from shares."""
    Indexed.objects.update(bits=0)
    return Token.objects.all().delete()[0]


def count() -> int:
    return Token.objects.count()


destroy = _emptied
