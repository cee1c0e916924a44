# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tokens are made by whoever of a team has an open desk: after a registration at once, and for what waits, at the next search.

Custody at rest cannot make one. As the register grows tokens grow longer, and old ones are made anew a few at a time; so are those
that an older version of this house made otherwise (`tokens.VERSION`). Until then a person is found by what they have.
"""

from django.db import connection, transaction
from django.db.models import Q, QuerySet

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
# Three questions in one, because SQLite answers each from its end of the index, and all at once by reading all of it.
_ENDS = (
    "SELECT (SELECT MIN(bits) FROM custody_names_indexed WHERE team = %s), "
    "(SELECT MAX(bits) FROM custody_names_indexed WHERE team = %s), "
    "(SELECT MIN(version) FROM custody_names_indexed WHERE team = %s)"
)


def keep(person: Person, _received: Received) -> None:
    """Somebody was registered or described: each team that may read it has tokens to make."""
    for team in sealed.IDENTITY.teams:
        Indexed.objects.update_or_create(person=person, team=team, defaults={"bits": 0})


def catch_up(keyring: Keyring, most: int = BATCH) -> None:
    """Make what tokens wait for this operator's team. Nothing for who is of none, or was not let in yet."""
    team = keyring.operator.plays.team or ""
    if team not in sealed.IDENTITY.teams or not _are_waiting(team):
        return
    try:
        key = index_key(keyring, team)
        _index(keyring, team, key, most)
    except NotAdmitted:
        return


def waiting(keyring: Keyring) -> int:
    """How many have tokens that are not made yet, or were made by an older version."""
    stale = Q(bits=0) | Q(version__lt=tokens.VERSION)
    return Indexed.objects.filter(stale, team=keyring.operator.plays.team or "").count()


def _are_waiting(team: str) -> bool:
    """Nobody is counted for it at each search: the register grows by persons whose tokens wait, and so never grows unseen."""
    with connection.cursor() as cursor:
        cursor.execute(_ENDS, [team, team, team])
        shortest, longest, oldest = cursor.fetchone()
    return shortest is not None and (int(shortest) < _enough(longest) or int(oldest) < tokens.VERSION)


def _waiting(team: str) -> QuerySet[Indexed]:
    (bits,) = tokens.lengths(Indexed.objects.filter(team=team).count())[tokens.NAME]
    stale = Q(bits__lt=_enough(bits)) | Q(version__lt=tokens.VERSION)
    return Indexed.objects.filter(stale, team=team).order_by("bits", "pk")


def _enough(bits: int) -> int:
    """How long a token has to be where new ones are as long as this; one that was not made yet never is."""
    return max(bits - _SHORTER, 1)


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
    Indexed.objects.filter(pk__in=[row.pk for row in done]).update(bits=long[tokens.NAME][0], version=tokens.VERSION)
    if done:
        audit.record(keyring.operator, "custody.names_indexed", str(len(done)))


def _emptied() -> int:
    """Tokens say little, and without the index key nothing; but the team's key may come back from shares."""
    Indexed.objects.update(bits=0)
    return Token.objects.all().delete()[0]


def count() -> int:
    return Token.objects.count()


destroy = _emptied
