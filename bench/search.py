# SPDX-License-Identifier: AGPL-3.0-or-later
"""`search`: a query by name over sealed cases, from the tokens to fifty opened and compared claims and the page's rows.

Run as `python -m bench.search FOLDER COUNT` in a process of its own, because it starts Django; prints the figures as JSON.
Names are as unevenly spread as in life (Zipf). Only what the queries will open is really sealed: sealing all would take
longer than everything else, and what is not opened costs the same whatever it holds.
"""

import json
import os
import random
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bench.table import Figure

if TYPE_CHECKING:
    from safeconduct.desk.cases.writing import Hand
    from safeconduct.vocabulary.identity import IdentityClaim

COUNT = 100_000
QUERIES = 100
CEILING_MS = 100.0
BATCH = 2_000
KEY = bytes(range(32))
_GIVEN = [
    "Олександр",
    "Сергій",
    "Володимир",
    "Андрій",
    "Дмитро",
    "Максим",
    "Іван",
    "Микола",
    "Олексій",
    "Юрій",
    "Віктор",
    "Ігор",
    "Євген",
    "Роман",
    "Артем",
    "Денис",
    "Павло",
    "Антон",
    "Михайло",
    "Василь",
    "Петро",
    "Богдан",
    "Тарас",
    "Степан",
    "Назар",
    "Кирило",
    "Гліб",
    "Арсен",
    "Рустам",
    "Тимур",
    "Марат",
    "Аліхан",
    "Фархад",
]
_STEMS = [
    "Шевч",
    "Коваль",
    "Бонд",
    "Ткач",
    "Крав",
    "Олій",
    "Поліщ",
    "Лис",
    "Мель",
    "Мороз",
    "Марч",
    "Руд",
    "Пав",
    "Сав",
    "Хар",
    "Гон",
    "Бой",
    "Клим",
    "Жук",
    "Яц",
    "Зай",
    "Вол",
    "Мак",
    "Дем",
    "Пет",
]
_MIDDLES = ("", "ар", "ен", "ил", "ор", "ут", "ик", "ав", "ош", "ур", "ец", "им")
_ENDS = ("енко", "чук", "ський", "ів", "ов", "ин", "ак", "ець", "юк", "ман")
_FAMILIES = [stem + middle + end for middle in _MIDDLES for end in _ENDS for stem in _STEMS]


def measure(folder: Path, count: int = COUNT) -> list[Figure]:
    """The figures, from a process that has Django."""
    environment = {**os.environ, "SAFECONDUCT_HOME": str(folder / "home"), "SAFECONDUCT_DEMONSTRATION": "yes"}
    subprocess.run([sys.executable, "-m", "safeconduct.cli.preparation"], check=True, env=environment)
    command = [sys.executable, "-m", "bench.search", str(count)]
    done = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE)
    told = json.loads(done.stdout)
    return [
        Figure(f"search at {count:,}", told["p95"], "ms p95, 50 opened", CEILING_MS, is_ceiling=True),
        Figure(f"search at {count:,}, the question alone", told["sql"], "ms p95 in SQL", None),
    ]


def people(count: int) -> Iterator["IdentityClaim"]:
    """Invented persons: always the same ones."""
    from safeconduct.vocabulary.identity import Birth, IdentityClaim  # noqa: PLC0415 - after Django has started

    draw = random.Random(7)
    given = [1 / rank for rank in range(1, len(_GIVEN) + 1)]
    family = [1 / (rank + 3) for rank in range(len(_FAMILIES))]
    for _ in range(count):
        name = f"{draw.choices(_FAMILIES, family)[0]} {draw.choices(_GIVEN, given)[0]}"
        born = Birth(f"{draw.randint(1, 28):02}.{draw.randint(1, 12):02}.{draw.randint(1965, 2006)}")
        unit = f"А{draw.randint(1000, 4999)}" if draw.random() < 0.5 else ""
        number = f"АБ-{draw.randint(0, 999_999):06}" if draw.random() < 0.3 else ""
        yield IdentityClaim(name, (), born, unit, number)


def fill(hand: "Hand", claims: Sequence["IdentityClaim"], first: int = 0, last: int | None = None) -> None:
    """A case with its claim and its rows for each. Neither envelopes nor sealed tokens are real yet."""
    from safeconduct.desk.cases import index_keys, indexing  # noqa: PLC0415
    from safeconduct.desk.cases.models import Case, Indexed, IndexToken, StoredEnvelope  # noqa: PLC0415

    generation, cover = index_keys.newest()
    lengths = indexing.lengths_for(len(claims))
    for at in range(first, len(claims) if last is None else last, BATCH):
        some = claims[at : at + BATCH]
        cases = Case.objects.bulk_create(
            Case(
                number=f"26-{at + step + 1:04}",
                conversation=secrets.token_bytes(16),
                state="answered",
                last_day=date(2026, 11, 1),
            )
            for step in range(len(some))
        )
        hand.keys.erasure.make_many(case.conversation_id for case in cases)
        rows = StoredEnvelope.objects.bulk_create(
            StoredEnvelope(
                case=case,
                envelope=secrets.token_bytes(16),
                purpose=3,
                core=bytes(700),
                wraps=bytes(1300),
                day=date(2026, 11, 1),
                opened_day=date(2026, 11, 1),
                has_clear_label=False,
            )
            for case in cases
        )
        found = Indexed.objects.bulk_create(
            Indexed(case=case, team="intake", claims=row, sealed=bytes(400), version=1, generation=generation)
            for case, row in zip(cases, rows, strict=True)
        )
        IndexToken.objects.bulk_create(
            IndexToken(indexed=one, value=indexing.covered(cover, "intake", token), bits=token.bits)
            for one, claim in zip(found, some, strict=True)
            for token in set(indexing.tokens(KEY, claim, lengths))
        )


def seal_what_is_opened(hand: "Hand", claims: Sequence["IdentityClaim"], asked: Sequence["IdentityClaim"]) -> None:
    """Put a real envelope where a query will look into one."""
    from safeconduct.desk.cases import search, writing  # noqa: PLC0415
    from safeconduct.desk.cases.models import StoredEnvelope  # noqa: PLC0415
    from safeconduct.desk.cases.opening import protect_wraps  # noqa: PLC0415
    from safeconduct.sealing import envelope as sealing  # noqa: PLC0415
    from safeconduct.vocabulary.identity import IdentityClaims  # noqa: PLC0415
    from safeconduct.vocabulary.records import encode  # noqa: PLC0415

    rows = {row.pk: row for one in asked for row in search.candidates(hand, [one])}
    for row in rows.values():
        claim = claims[int(row.case.number[3:]) - 1]
        record = encode(IdentityClaims((claim,), "uk"))
        sealed = writing.seal(hand, row.case, sealing.Purpose.NOTE, record, [hand.team.public])
        core, wraps = sealing.split(sealed)
        key = writing.erasure_key(hand.keys, row.case)
        said = {
            "core": core,
            "wraps": protect_wraps(key, sealed.header.envelope, wraps),
            "envelope": sealed.header.envelope,
        }
        StoredEnvelope.objects.filter(pk=row.claims_id).update(**said)


def _main(count: int) -> None:
    from safeconduct.cli import django_start  # noqa: PLC0415 - only this process needs Django

    django_start.start()
    from django.template.loader import render_to_string  # noqa: PLC0415

    from safeconduct.desk.cases import indexing, keys, search  # noqa: PLC0415
    from safeconduct.desk.cases.person_forms import SearchForm  # noqa: PLC0415
    from safeconduct.desk.cases.writing import Hand  # noqa: PLC0415
    from safeconduct.desk.operators.models import Operator  # noqa: PLC0415
    from safeconduct.sealing.keys import PrivateKey  # noqa: PLC0415
    from safeconduct.vocabulary.identity import IdentityClaim  # noqa: PLC0415

    operator = Operator.objects.filter(role="operator").first()
    assert operator is not None
    hand = Hand(operator, PrivateKey.generate(), PrivateKey.generate(), keys.of_this_desk(), index_key=lambda: KEY)
    claims = list(people(count))
    asked = [IdentityClaim(one.name) for one in random.Random(11).sample(claims, QUERIES)]
    fill(hand, claims)
    seal_what_is_opened(hand, claims, asked)
    whole, bare, opened, shown = [], [], [], []
    for one in [asked[0], *asked]:  # the first loads templates, and is not counted
        started = time.perf_counter()
        answer = search.find(hand, [one])
        render_to_string("cases/search.html", {"form": SearchForm(), "answer": answer})
        whole.append((time.perf_counter() - started) * 1000)
        opened.append(answer.opened)
        shown.append(len(answer.found))
        bare.append(_bare(indexing.looked_up(KEY, "intake", one)))
    told = {"p50": statistics.median(whole[1:]), "p95": _p95(whole[1:]), "max": max(whole[1:]), "sql": _p95(bare[1:])}
    told |= {"opened": statistics.mean(opened), "shown": statistics.mean(shown)}
    print(json.dumps(told))


def _bare(values: set[int]) -> float:
    """The limit: the one question to the index alone, in SQL."""
    from django.db import connection  # noqa: PLC0415

    marks = ", ".join(["%s"] * len(values))
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexed_id, SUM(bits) FROM cases_indextoken "  # noqa: S608 - marks alone
            f"WHERE value IN ({marks}) GROUP BY 1 ORDER BY 2 DESC, 1 DESC LIMIT 50",
            list(values),
        )
        cursor.fetchall()
    return (time.perf_counter() - started) * 1000


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[18]


if __name__ == "__main__":
    _main(int(sys.argv[1]))
