# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the invented cases of `crowd` hold: a person each, three envelopes, and what the search index says of them.

Names are as unevenly spread as in life (Zipf). Rows, sizes, tokens and indexes are those of a real desk. Synthetic are the
bodies: one of each sort serves all, for what is not opened costs the same whatever it holds; `seal_what_is_opened` puts real
ones where a search will look into them. Needs Django started and migrated.
"""

import os
import random
import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache

from django.db import connection, transaction

from bench import bulk, crowd, invented
from safeconduct.desk.cases import index_keys, indexing, likeness, search, writing
from safeconduct.desk.cases.indexing import Token
from safeconduct.desk.cases.models import Case, Indexed, IndexToken, Sort, StoredEnvelope
from safeconduct.desk.cases.opening import protect_wraps
from safeconduct.desk.cases.writing import Hand
from safeconduct.matching import names
from safeconduct.sealing import blind_index, envelope
from safeconduct.sealing.envelope import Purpose
from safeconduct.vocabulary.identifiers import ConversationId
from safeconduct.vocabulary.identity import IdentityClaim, IdentityClaims
from safeconduct.vocabulary.records import encode

TABLES = (StoredEnvelope, Indexed, IndexToken)
DAY = date(2026, 11, 1)
_WRAPS = os.urandom(1_227)
_COLUMNS = ("envelope", "purpose", "core", "wraps", "day", "opened_day", "sort", "has_clear_label", "delivery")
# Of each case, in this order: what it is, and a body as long as real ones are.
_FRAME, _WORDS, _CLAIMS = (
    (Purpose.TO_TEAM.value, Sort.FRAME.value, os.urandom(1_652)),
    (Purpose.TO_TEAM.value, Sort.WORDS.value, os.urandom(800)),
    (Purpose.NOTE.value, Sort.FRAME.value, os.urandom(500)),
)
_EACH = (_FRAME, _WORDS, _CLAIMS)
# Numbers alone are sorted: the bodies come in behind.
_INSERT = f"""
INSERT INTO cases_storedenvelope (id, case_id, {", ".join(_COLUMNS)})
SELECT %s + 3 * serial + at, %s + serial, uuid_send(gen_random_uuid()),
       (ARRAY[%s, %s, %s])[1 + at], CASE at WHEN 0 THEN %s WHEN 1 THEN %s ELSE %s END, %s, %s::date,
       CASE WHEN at = 1 AND serial %% 5 < 2 THEN NULL ELSE %s::date END, (ARRAY[%s, %s, %s])[1 + at], false, ''
FROM (SELECT serial, at FROM generate_series(0, %s) serial, generate_series(0, 2) at ORDER BY 1, 2) every
"""  # noqa: S608 - our own names
_SEALED = os.urandom(200)
_KEYS_AT_ONCE = 50_000
_YEAR = 1000  # stands in keys for any year


def fill(hand: Hand, count: int, *, queries: int) -> list[str]:
    """What the first cases hold. Returns as many names to search by: those of some of these persons."""
    claims = list(invented.people(count))
    _agree_with_the_desk(claims[:50])
    first = Case.objects.get(number=crowd.number(0)).pk  # they were numbered in one go
    with bulk.at_once(*TABLES), transaction.atomic():
        _make_erasure_keys(hand, count)
        row, index = _last(StoredEnvelope) + 1, _last(Indexed) + 1
        _lay_down(first, row, count)
        generation, cover = index_keys.newest()
        bulk.insert(
            Indexed,
            ("id", "case_id", "team", "claims_id", "sealed", "version", "generation_id"),
            (
                (index + at, first + at, "intake", row + 3 * at + 2, _SEALED, indexing.VERSION, generation.pk)
                for at in range(count)
            ),
        )
        key = hand.index_key() if hand.index_key else b""
        bulk.insert(IndexToken, ("indexed_id", "value", "bits"), _tokens(key, cover, claims, index))
    bulk.analyse()
    asked = [one.name for one in random.Random(11).sample(claims, queries)]
    _seal_what_is_opened(hand, claims, asked)
    return asked


@transaction.atomic
def _seal_what_is_opened(hand: Hand, claims: Sequence[IdentityClaim], asked: Iterable[str]) -> None:
    """Put a real envelope where a query will look into one."""
    rows = {row.pk: row for one in asked for row in search.candidates(hand, [IdentityClaim(one)])}
    for row in rows.values():
        claim = claims[int(row.case.number[3:])]
        record = encode(IdentityClaims((claim,), "uk"))
        sealed = writing.seal(hand, row.case, Purpose.NOTE, record, [hand.team.public])
        core, wraps = envelope.split(sealed)
        key = writing.erasure_key(hand.keys, row.case)
        said = {
            "core": core,
            "wraps": protect_wraps(key, sealed.header.envelope, wraps),
            "envelope": sealed.header.envelope,
        }
        StoredEnvelope.objects.filter(pk=row.claims_id).update(**said)


def _make_erasure_keys(hand: Hand, count: int) -> None:
    for start in range(0, count, _KEYS_AT_ONCE):
        some = range(start, min(start + _KEYS_AT_ONCE, count))
        hand.keys.erasure.make_many(ConversationId(crowd.conversation(serial)) for serial in some)


def _lay_down(first: int, row: int, count: int) -> None:
    """Three envelopes of each case. A PostgreSQL server makes the rows by itself: they are gigabytes."""
    if connection.vendor != "postgresql":
        bulk.insert(StoredEnvelope, ("id", "case_id", *_COLUMNS), _envelopes(first, row, count))
        return
    with connection.cursor() as cursor:
        purposes, sorts = [one[0] for one in _EACH], [one[1] for one in _EACH]
        bodies = [one[2] for one in _EACH]
        cursor.execute(_INSERT, [row, first, *purposes, *bodies, _WRAPS, DAY, DAY, *sorts, count - 1])


def _envelopes(case: int, row: int, count: int) -> Iterator[bulk.Values]:
    day = DAY.isoformat()
    for serial in range(count):
        for at, (purpose, sort, body) in enumerate(_EACH):
            opened = None if sort == Sort.WORDS.value and serial % 5 < 2 else day
            name = secrets.token_bytes(16)
            yield row + 3 * serial + at, case + serial, name, purpose, body, _WRAPS, day, opened, sort, False, ""


def _tokens(key: bytes, cover: bytes, claims: Sequence[IdentityClaim], index: int) -> Iterator[tuple[int, int, int]]:
    lengths = {kind: bits for kind, (bits,) in indexing.lengths_for(len(claims)).items()}
    for serial, claim in enumerate(claims):
        for kind, value in set(_values(claim)):
            bits = lengths[kind]
            token = Token(kind, bits, blind_index.token(key, kind, value, bits=bits))
            yield index + serial, indexing.covered(cover, "intake", token), bits


def _values(claim: IdentityClaim) -> Iterator[tuple[str, str]]:
    """As `indexing.values`, with the keys of a name made once for all who bear it."""
    plain, dated = _keys(claim.name)
    year = likeness.birth_year(claim) or _YEAR
    yield from (("name", key) for key in plain)
    yield from (("name", f"{key}@{mark}") for key in dated for mark in (year, year + 1))
    if claim.unit:
        unit = likeness.unit(claim)
        yield from (("unit-name", f"{unit} {key}") for key in plain)
    if claim.service_number:
        yield "service-number", likeness.service_number(claim) or ""


@cache
def _keys(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    mark = f"@{_YEAR}"
    every = names.name_keys(name, birth_year=_YEAR)
    return tuple(names.name_keys(name)), tuple(key.removesuffix(mark) for key in every if key.endswith(mark))


def _agree_with_the_desk(claims: Iterable[IdentityClaim]) -> None:
    for claim in claims:
        if set(_values(claim)) != set(indexing.values(claim)):
            raise RuntimeError("the bench indexes something else than the desk does")


def _last(model: type[StoredEnvelope] | type[Indexed]) -> int:
    newest = model.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0
