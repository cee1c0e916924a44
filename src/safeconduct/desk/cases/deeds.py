# SPDX-License-Identifier: AGPL-3.0-or-later
"""What colleagues did with a case, in the words of its page."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from safeconduct.desk.cases.opening import MOVED, MOVED_UNDER_DURESS
from safeconduct.desk.operators import skills
from safeconduct.vocabulary.casework import CaseAct, CaseNeed, UnitArrival, UnitCount, UnitMember, UnitOf, UnitVoice
from safeconduct.vocabulary.identity import IdentityClaims

READ = "read"
LOUD = frozenset({"freeze", "lift", "suspect-minor", "found-minor", "found-adult", MOVED_UNDER_DURESS})

_ACTS: dict[str, str | Promise] = {
    READ: _lazy("Opened by %(who)s"),
    "settle": _lazy("%(who)s: needs no answer"),
    "close": _lazy("%(who)s closed the case"),
    "return": _lazy("%(who)s put the case back into the queue"),
    "freeze": _lazy("The case is frozen; found by %(who)s"),
    "lift": _lazy("%(who)s lifted the freezing"),
    "suspect-minor": _lazy("%(who)s: the person may be younger than 18"),
    "found-minor": _lazy("%(who)s reviewed it: the person is younger than 18"),
    "found-adult": _lazy("%(who)s reviewed it: the person is of age"),
    "fold": _lazy("%(who)s folded case %(about)s under this one"),
    "folded": _lazy("%(who)s folded this case under %(about)s"),
    "unfold": _lazy("%(who)s took this case out of the fold of %(about)s"),
    "merge": _lazy("%(who)s, with a colleague: case %(about)s is this person's too"),
    "unmerge": _lazy("%(who)s, with a colleague: case %(about)s is not this person's"),
    "print": _lazy("Printed by %(who)s"),
    "offer": _lazy("%(who)s offered the case to the handover cell"),
    "accept": _lazy("%(who)s took the case over for the handover cell"),
    "give-back": _lazy("%(who)s left the case with intake"),
    MOVED: _lazy("%(who)s moved a message to the handover cell"),
    MOVED_UNDER_DURESS: _lazy("%(who)s moved a message to the handover cell; the duress word stood in it"),
}


def act(record: CaseAct, who: str) -> str:
    """One sentence. An act of a later release is told as such."""
    said = _ACTS.get(record.act, _lazy("%(who)s did something that this desk does not know yet"))
    return str(said) % {"who": who, "about": record.about or "?"}


def unit(record: object, who: str) -> str:
    """What was written down about a unit, or about who somebody says they are."""
    if isinstance(record, UnitCount):
        return _("%(who)s: %(count)s people") % {"who": who, "count": f"{record.head_count:,}"}
    if isinstance(record, UnitVoice):
        return _voice(record, who)
    if isinstance(record, UnitMember | UnitOf):
        return _belonging(record, who)
    if isinstance(record, UnitArrival):
        return _("%(who)s wrote down what became of an attempt: %(received)s came") % {
            "who": who,
            "received": f"{record.received:,}",
        }
    if isinstance(record, IdentityClaims):
        return _("%(who)s wrote down who the person says they are") % {"who": who}
    return ""


def need(record: CaseNeed, who: str) -> str:
    if not record.skills:
        return _("%(who)s: anybody can answer this") % {"who": who}
    named = ", ".join(skills.titles(record.skills))
    return _("%(who)s: needs somebody trained for this: %(skills)s") % {"who": who, "skills": named}


def _voice(record: UnitVoice, who: str) -> str:
    if record.member is None:
        return _("%(who)s: whoever writes here speaks for the unit") % {"who": who}
    return _("%(who)s: the person of case %(number)s speaks for the unit") % {"who": who, "number": record.member}


def _belonging(record: UnitMember | UnitOf, who: str) -> str:
    said = {"who": who, "number": record.number}
    if isinstance(record, UnitMember):
        if record.belongs:
            return _("%(who)s: the person of case %(number)s belongs to this unit") % said
        return _("%(who)s: the person of case %(number)s no longer belongs to this unit") % said
    if record.belongs:
        return _("%(who)s: belongs to the unit of case %(number)s") % said
    return _("%(who)s: no longer belongs to the unit of case %(number)s") % said
