# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is named in free text: numbers by their form, a name only where a person says that it is theirs. Modest."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from safeconduct.matching.service_numbers import service_numbers_in
from safeconduct.matching.units import units_in

_LONGEST: Final = 20_000
_CUES: Final = (
    "меня зовут|мо[её] имя|ф\\.?\\s?и\\.?\\s?о\\.?|фамилия и имя|мене звати|моє ім['’ʼ]я|прізвище та ім['’ʼ]я|п\\.?\\s?і\\.?\\s?б\\.?|"
    "my name is|i am called|full name|name|제 이름은|내 이름은|이름|我叫|我的名字是|姓名|मेरो नाम|मेरा नाम|नाम|me llamo|mi nombre es|nombre|"
    "اسمي|الاسم|je m['’]appelle|mon nom est|nom|jina langu ni|naitwa|jina|mening ismim|ismim|номи ман|менин атым|менің атым|аты-жөнім"
)
_NAME: Final = re.compile(
    rf"(?:^|(?<=[\s.,;:!?(]))(?:{_CUES})\s*[:\-–—]?\s*(?P<name>[^\W\d_][^\d\n,;:!?()。，.؛،।]{{1,59}})", re.IGNORECASE
)
_WORDS_MOST: Final = 4
_AFTER: Final = re.compile(
    r"\s+(?:и|і|та|and|y|et|na|va|ва|және|жана|و|र|और|from|из|із|род|born|я|i|je|yo|у|в|з)\s.*|\s*(?:छ|हो|है|입니다|이다)\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """What was found, each in the order of the text, no value twice. Proposals: an operator confirms them."""

    names: tuple[str, ...]
    units: tuple[str, ...]
    service_numbers: tuple[str, ...]


def identities_in(text: str) -> Found:
    text = text[:_LONGEST]
    names = (_trimmed(match["name"]) for match in _NAME.finditer(text))
    return Found(_once(names), _once(units_in(text)), _once(service_numbers_in(text)))


def _trimmed(name: str) -> str:
    return " ".join(_AFTER.sub("", name).split()[:_WORDS_MOST])


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
