# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tokens by which a case is found again. Made when somebody opens a case who may; an unopened case has none.

Tokens stand under the case's erasure key, and die with it. What a search looks up are rows made of them, covered by a key
that no backup holds (`index_keys`). The desk at rest can make rows of tokens, but never a token: the index key is the team's.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec
from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from safeconduct.desk.cases import index_keys, likeness, writing
from safeconduct.desk.cases.keys import DeskKeys
from safeconduct.desk.cases.models import Case, Indexed, IndexGeneration, IndexToken, StoredEnvelope, today
from safeconduct.desk.cases.opening import Item, Opened
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators.errors import NotAdmitted
from safeconduct.matching import names
from safeconduct.sealing import blind_index
from safeconduct.sealing.erasure import protect, recover
from safeconduct.sealing.errors import SealingError
from safeconduct.vocabulary.applications import ApplicationType
from safeconduct.vocabulary.identity import IdentityClaim, IdentityClaims
from safeconduct.vocabulary.records import ApplicationFacts

VERSION: Final = 7  # raise it when keys of names change: a case is indexed anew when it is opened
BATCH: Final = 200  # cases that are covered anew in one transaction
BATCHES: Final = 20  # in one run of the clock: some seconds

# How many different values of a kind a case brings. With the number of cases it gives a token's length (`blind_index`).
_VALUES: Final = {"name": 8, "unit-name": 4, "service-number": 1}
# Every second length alone is used: a query has to look under each.
_LENGTHS: Final = tuple(range(1, 20, 2))


class Token(msgspec.Struct, frozen=True, array_like=True):
    """A truncated token. Several values share it, and it does not tell which."""

    kind: str
    bits: int
    value: int


def at_opening(hand: Hand, case: Case, opened: Opened) -> None:
    """Keep the index in step with what the case says now. Called by every reading, inside its transaction."""
    said = newest(opened)
    team = hand.operator.plays.team or ""
    known = Indexed.objects.filter(case=case, team=team).first()
    if said is None or is_of_relative(opened):  # R6: whom a relative looks for is found by nobody through them
        if known is not None:
            known.delete()
        return
    if known is None or known.claims_id != said.stored.pk or known.version != VERSION:
        index(hand, case, said.stored, claims_of(said))


def newest(opened: Opened) -> Item | None:
    """What was last entered of who they are."""
    found = [item for item in opened.items if isinstance(item.record, IdentityClaims)]
    return found[-1] if found else None


def claims_of(item: Item) -> IdentityClaims:
    return item.record if isinstance(item.record, IdentityClaims) else IdentityClaims(())


def is_of_relative(opened: Opened) -> bool:
    """R6: whether a relative ever applied here."""
    said = (item.record for item in opened.items)
    return any(isinstance(one, ApplicationFacts) and one.type is ApplicationType.RELATIVE for one in said)


def index(hand: Hand, case: Case, stored: StoredEnvelope, claims: IdentityClaims) -> None:
    """Make the tokens of these claims, in place of those that the case had. Nothing without the team's index key."""
    key = index_key(hand)
    if key is None:
        return
    lengths = lengths_for(Indexed.objects.count() + 1)
    made = {token for claim in claims.claims for token in tokens(key, claim, lengths)}
    generation, cover = index_keys.newest()
    team = hand.operator.plays.team or ""
    sealed = protect(
        writing.erasure_key(hand.keys, case), msgspec.msgpack.encode(sorted_tokens(made)), context=_context(case, team)
    )
    said = {"claims": stored, "sealed": sealed, "version": VERSION, "generation": generation}
    row, _ = Indexed.objects.update_or_create(case=case, team=team, defaults=said)
    _cover(row, made, cover)


def lengths_for(cases: int) -> dict[str, tuple[int, ...]]:
    """How long a token of each kind is by as many cases: about ten values share one. With few cases it is very short."""
    return {kind: (_length(cases * each),) for kind, each in _VALUES.items()}


def _length(population: int) -> int:
    most = blind_index.bits_for(max(population, 2 * blind_index.COLLISIONS))
    return max(length for length in _LENGTHS if length <= most)


def index_key(hand: Hand) -> bytes | None:
    """The key of the hand's team's index. None for who cannot open it: their reading must not fail for that."""
    try:
        return hand.index_key() if hand.index_key else None
    except NotAdmitted:
        return None


def tokens(key: bytes, claim: IdentityClaim, lengths: Mapping[str, Iterable[int]]) -> Iterator[Token]:
    """The tokens of one claim, in each of these lengths."""
    for kind, value in values(claim):
        longest = blind_index.token(key, kind, value, bits=blind_index.BITS_MAX)
        for bits in lengths[kind]:
            yield Token(kind, bits, longest >> blind_index.BITS_MAX - bits)


def values(claim: IdentityClaim) -> Iterator[tuple[str, str]]:
    """What a claim is indexed by, in its one spelling. Never a year, a unit or a rank alone."""
    year, unit, number = likeness.birth_year(claim), likeness.unit(claim), likeness.service_number(claim)
    for name in claim.names:
        yield from (("name", key) for key in names.name_keys(name, birth_year=year))
        if unit:
            yield from (("unit-name", f"{unit} {key}") for key in names.name_keys(name))
    if number:
        yield "service-number", number


def looked_up(key: bytes, team: str, claim: IdentityClaim) -> set[int]:
    """Every row value under which a case of this team with such a claim could stand."""
    wanted = set(tokens(key, claim, dict.fromkeys(_VALUES, _LENGTHS)))
    covers = index_keys.covers().values()
    return {covered(cover, team, one) for one in wanted for cover in covers}


def covered(cover: bytes, team: str, token: Token) -> int:
    """What the token's row says. The team is part of it: two teams' tokens mean nothing to each other."""
    return blind_index.covered(cover, f"{team} {token.kind}", token.value, bits=token.bits)


def cover_anew(keys: DeskKeys) -> int:
    """Once on a day after something was erased: new rows of all tokens under a new key, and the old key destroyed.

    How many cases were covered. Needs nobody's key: tokens are opened by erasure keys, and what was erased has none.
    It does a part of the work at a time, so that nothing else waits for it, and goes on from where it was cut off.
    """
    if _is_due():
        with transaction.atomic():
            index_keys.begin()
    latest = IndexGeneration.objects.order_by("-pk").first()
    if latest is None:
        return 0
    done = 0
    for _ in range(BATCHES):
        count = _cover_some(keys, latest)
        done += count
        if not count:
            _end_all_before(latest)
            break
    return done


def _end_all_before(latest: IndexGeneration) -> None:
    for old in IndexGeneration.objects.filter(pk__lt=latest.pk):
        index_keys.destroy(old)
        old.delete()


def sorted_tokens(made: Iterable[Token]) -> list[Token]:
    return sorted(made, key=lambda one: (one.kind, one.bits, one.value))


def _is_due() -> bool:
    """A case was erased since the newest key was made, or that key is not on this machine: after a restore."""
    latest = IndexGeneration.objects.order_by("-pk").first()
    if latest is None:
        return False
    if latest.pk not in index_keys.covers():
        return True
    return latest.gone_day is not None and latest.day < today()


@receiver(post_delete, sender=Indexed)
def _note_that_a_case_went(instance: Indexed, **_told: object) -> None:
    """However it went: by its person's wish, by its age, or because a relative wrote in it."""
    IndexGeneration.objects.filter(pk=instance.generation_id, gone_day=None).update(gone_day=today())


@transaction.atomic
def _cover_some(keys: DeskKeys, latest: IndexGeneration) -> int:
    rows = list(
        Indexed.objects.select_for_update(of=("self",)).select_related("case").exclude(generation=latest)[:BATCH]
    )
    cover = index_keys.covers()[latest.pk]
    erasure = keys.erasure.get_many(row.case.conversation_id for row in rows)
    for row in rows:
        try:
            plain = recover(erasure[row.case.conversation_id], row.sealed, context=_context(row.case, row.team))
            made = msgspec.msgpack.decode(plain, type=list[Token])
        except (KeyError, SealingError, msgspec.DecodeError):  # erased a moment ago, or altered: it is found no more
            row.delete()
            continue
        row.generation = latest
        row.save(update_fields=["generation"])
        _cover(row, made, cover)
    return len(rows)


def _cover(row: Indexed, made: Iterable[Token], cover: bytes) -> None:
    row.tokens.all().delete()
    IndexToken.objects.bulk_create(
        IndexToken(indexed=row, value=covered(cover, row.team, one), bits=one.bits) for one in made
    )


def _context(case: Case, team: str) -> bytes:
    return b"index" + case.conversation_id + team.encode()
