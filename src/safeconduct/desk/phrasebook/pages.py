# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where operators pick a sentence. Without a case it is shown to be read or copied; from a case it goes into the reply."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from safeconduct.desk.operators import guards
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.phrasebook import access, acts, filling
from safeconduct.desk.phrasebook.access import Offered
from safeconduct.desk.phrasebook.book import Phrase, ValueKind
from safeconduct.desk.phrasebook.errors import PhrasebookError, UnknownPhrase, ValueRefused
from safeconduct.vocabulary.languages import LANGUAGES, Language

_CASE = re.compile(r"[0-9]{2}-[0-9]{4,9}")
_QUERY_MAX = 60

TOPICS: Mapping[str, str | Promise] = {
    "favourites": _("Your favourites"),
    "talking": _("Talking"),
    "waiting": _("Waiting, and what cannot be promised"),
    "protection": _("When somebody is protected, and how it is done"),
    "body": _("Wounds, illness, despair"),
    "unit": _("Units, minors, changes"),
    "chat": _("This chat: what is written, kept and erased"),
    "prison": _("Captivity"),
    "relatives": _("Relatives"),
}
_LABELS: Mapping[str, str | Promise] = {
    "name": _("Your name at this line"),
    "count": _("How many"),
    "time_from": _("From"),
    "time_to": _("Until"),
    "city": _("By the clock of"),
    "bureau": _("Address of the bureau"),
    "agency": _("Address of the agency"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One value that a sentence needs."""

    name: str
    label: str | Promise
    kind: ValueKind
    value: str
    is_wrong: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence of the page. `whole`: with the values that were given."""

    offered: Offered
    fields: tuple[Field, ...]
    whole: str
    length: filling.Length


@require_safe
@may("phrasebook.pick")
def pick(request: DeskRequest) -> HttpResponse:
    asked = request.GET
    to, query = _language(asked), asked.get("q", "")[:_QUERY_MAX]
    own = access.own_language(get_language() or "")
    found = access.topics(access.offered(own, to.tag, query, request.keyring.operator)) if to else []
    context = {
        "to": to,
        "own": LANGUAGES[own],
        "query": query,
        "case": _case(asked),
        "languages": LANGUAGES.values(),
        "cities": filling.CITIES,
        "topics": [(topic, TOPICS[topic], [_row(one, asked) for one in rows]) for topic, rows in found],
        "lacking": access.lacking(to.tag) if to else 0,
    }
    return render(request, "phrasebook/pick.html", context)


@require_POST
@may("phrasebook.pick")
def favour(request: DeskRequest) -> HttpResponseBase:
    """To the top of this operator's page, or away from there."""
    said = request.POST
    try:
        acts.favour(request.keyring.operator, said.get("phrase", ""), is_favourite=said.get("is") == "yes")
    except UnknownPhrase:
        raise Http404 from None
    return redirect(guards.safe_next(request))


def values_of(phrase: Phrase, said: QueryDict) -> dict[str, str]:
    """What was typed for the values of a sentence."""
    return {name: said.get(name, "") for name in phrase.needs}


def _row(one: Offered, asked: QueryDict) -> Row:
    is_asked = asked.get("phrase") == one.phrase.id
    given = values_of(one.phrase, asked) if is_asked else {}
    whole, wrong = one.text, asked.get("wrong", "") if is_asked else ""
    if is_asked and not wrong:
        try:
            whole = access.rendered(one.phrase.id, one.wording.tag, given)
        except ValueRefused as refused:
            wrong = refused.name
        except PhrasebookError:
            wrong = ""
    fields = tuple(
        Field(name, _LABELS[name], kind, given.get(name, ""), name == wrong) for name, kind in one.phrase.needs.items()
    )
    return Row(one, fields, whole, filling.length_of(whole))


def _language(asked: QueryDict) -> Language | None:
    """None for a case whose person's language nobody knows: the operator says it, and nothing is guessed for them."""
    known = LANGUAGES.get(asked.get("to", ""))
    return known or (None if _case(asked) else LANGUAGES["ru"])


def _case(asked: QueryDict) -> str:
    number = asked.get("case", "")
    return number if _CASE.fullmatch(number) else ""
