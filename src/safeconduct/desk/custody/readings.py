# SPDX-License-Identifier: AGPL-3.0-or-later
"""What written words mean, to stand beside them: a date in its calendar, a rank in the table. The words themselves stay."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody import telling
from safeconduct.matching.dates import Calendar, PartialDate, Precision, read_date
from safeconduct.vocabulary import ranks
from safeconduct.vocabulary.identity import Birth
from safeconduct.vocabulary.reception import Received

OF_AGE = 18
_CALENDARS: dict[Calendar, str | Promise] = {
    Calendar.GREGORIAN: _("Gregorian calendar"),
    Calendar.JUCHE: _("Juche calendar"),
    Calendar.BIKRAM_SAMBAT: _("Bikram Sambat"),
    Calendar.HIJRI: _("Hijri calendar"),
    Calendar.ETHIOPIAN: _("Ethiopian calendar"),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """Sentences for the page; empty where nothing was written."""

    birth: str
    rank: str
    is_young: bool


def reading_of(known: Received, today: date) -> Reading:
    """What somebody's date of birth and rank mean."""
    return Reading(_birth(known.birth, today), _rank(known), may_be_minor(known.birth, today))


def may_be_minor(birth: Birth | None, today: date) -> bool:
    """Whether the latest day that these words can mean is less than 18 years ago (R13). Words that are no date say nothing."""
    meant = _meant(birth)
    if meant is None or meant.earliest > today:
        return False
    born = meant.latest
    return (today.year - born.year, today.month, today.day) < (OF_AGE, born.month, born.day)


def _meant(birth: Birth | None) -> PartialDate | None:
    if birth is None:
        return None
    return read_date(birth.text, Calendar(birth.calendar) if birth.calendar else None)


def _birth(birth: Birth | None, today: date) -> str:
    if birth is None:
        return ""
    meant = _meant(birth)
    if meant is None:
        return gettext("No calendar here has such a date. It stays as it was written.")
    if meant.earliest > today:
        return gettext("This would lie ahead of today. It stays as it was written.")
    return _day_of(meant)


def _day_of(meant: PartialDate) -> str:
    told = {"calendar": _CALENDARS[meant.calendar], "first": _long(meant.earliest), "last": _long(meant.latest)}
    if meant.precision is Precision.DAY:
        return gettext("%(first)s (%(calendar)s)") % told
    if meant.precision is Precision.MONTH:
        return gettext("Only a month: from %(first)s to %(last)s (%(calendar)s)") % told
    return gettext("Only a year: from %(first)s to %(last)s (%(calendar)s)") % told


def _long(day: date) -> str:
    return date_format(day, "j E Y")


def _rank(known: Received) -> str:
    if not known.rank:
        return ""
    if known.equivalent is None:
        return _unknown(known.rank, known.power)
    grade = known.equivalent.grade
    told = {"grade": grade, "version": known.equivalent.version, "whom": telling.CATEGORIES[ranks.category(grade)]}
    if known.equivalent.agreed:
        return gettext("%(grade)s, %(whom)s (table %(version)s, agreed with NATO)") % told
    return gettext("%(grade)s, %(whom)s (table %(version)s, ours: there is no agreement)") % told


def _unknown(rank: str, power: str) -> str:
    if ranks.knows(power):
        return gettext("Not in the table of ranks for this Power. The words stand as they are: choose the quarters.")
    may_be = ranks.grades(rank)
    if may_be:
        told = {"grades": ", ".join(may_be)}
        return gettext("Unknown until the Power is: armies mean different ranks by it (%(grades)s).") % told
    return gettext("Unknown to the table of ranks. The words stand as they are.")
