# SPDX-License-Identifier: AGPL-3.0-or-later
"""Invented persons. Their names are as unevenly spread as in life (Zipf)."""

import random
from collections.abc import Iterable, Iterator

from safeconduct.vocabulary.identity import Birth, IdentityClaim

_GIVEN = (  # noqa: SIM905 - a line of words reads better
    "Олександр Сергій Володимир Андрій Дмитро Максим Іван Микола Олексій Юрій Віктор Ігор Євген Роман Артем Денис Павло Антон "
    "Михайло Василь Петро Богдан Тарас Степан Назар Кирило Гліб Арсен Рустам Тимур Марат Аліхан Фархад"
).split()
_STEMS = (  # noqa: SIM905
    "Шевч Коваль Бонд Ткач Крав Олій Поліщ Лис Мель Мороз Марч Руд Пав Сав Хар Гон Бой Клим Жук Яц Зай Вол Мак Дем Пет"
).split()
_MIDDLES = ("", "ар", "ен", "ил", "ор", "ут", "ик", "ав", "ош", "ур", "ец", "им")
_ENDS = ("енко", "чук", "ський", "ів", "ов", "ин", "ак", "ець", "юк", "ман")
_FAMILIES = [stem + middle + end for middle in _MIDDLES for end in _ENDS for stem in _STEMS]


def people(count: int) -> Iterator[IdentityClaim]:
    """Invented persons, the one with serial 0 first: always the same ones."""
    draw = random.Random(7)
    given = _summed(1 / rank for rank in range(1, len(_GIVEN) + 1))
    family = _summed(1 / (rank + 3) for rank in range(len(_FAMILIES)))
    for _ in range(count):
        name = " ".join(
            (draw.choices(_FAMILIES, cum_weights=family)[0], draw.choices(_GIVEN, cum_weights=given)[0]),
        )
        born = Birth(f"{draw.randint(1, 28):02}.{draw.randint(1, 12):02}.{draw.randint(1965, 2006)}")
        unit = f"А{draw.randint(1000, 4999)}" if draw.random() < 0.5 else ""
        number = f"АБ-{draw.randint(0, 999_999):06}" if draw.random() < 0.3 else ""
        yield IdentityClaim(name, (), born, unit, number)


def _summed(weights: Iterable[float]) -> list[float]:
    total, found = 0.0, []
    for one in weights:
        total += one
        found.append(total)
    return found
