# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names of months in the line's languages, and of the months of other calendars."""

from functools import cache
from typing import Final

from babel import Locale

from safeconduct.matching.scripts import plain
from safeconduct.vocabulary.languages import LANGUAGES

# Spellings as papers have them: Hijri, Bikram Sambat, Ethiopian, in the order of their months.
_OTHERS: Final = (
    """muharram muharam мухаррам محرم|safar сафар صفر|rabi rabi1|rabi2|jumada jumada1|jumada2|rajab раджаб رجب|
    shaban shaaban шаабан شعبان|ramadan ramazan рамадан рамазан رمضان|shawwal shawal шавваль شوال|
    dhulqada zulqada|dhulhijja zulhijja""",
    """baisakh baishakh बैशाख वैशाख|jestha jeth जेठ ज्येष्ठ|asar ashadh असार आषाढ|shrawan saun साउन श्रावण|
    bhadra bhadau भदौ भाद्र|ashwin asoj असोज आश्विन|kartik कार्तिक कात्तिक|mangsir मंसिर मङ्सिर|
    poush paush pus पुस पौष|magh माघ|falgun phagun फागुन फाल्गुन|chaitra chait चैत चैत्र""",
    """meskerem መስከረም|tikimt tikemt ጥቅምት|hidar ህዳር|tahsas ታህሳስ|tir ጥር|yekatit የካቲት|megabit መጋቢት|
    miyazya ሚያዝያ|ginbot ግንቦት|sene ሰኔ|hamle ሐምሌ|nehase ነሐሴ|pagume ጳጉሜ""",
)


def number(word: str) -> int | None:
    """The number of the month that `word` names in its own calendar."""
    return _table().get(word)


@cache
def _table() -> dict[str, int]:
    table: dict[str, int] = {}
    for tag in LANGUAGES:
        names = Locale.parse(tag, sep="-").months
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for month, name in names[form][width].items():
                    table.setdefault(plain(name).strip(" ."), month)
    for calendar in _OTHERS:
        for month, spellings in enumerate(calendar.split("|"), start=1):
            for spelling in spellings.split():
                table.setdefault(plain(spelling), month)
    return {name: month for name, month in table.items() if not name.isdigit() and " " not in name}
