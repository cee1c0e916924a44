# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every form to be written by hand, empty, in every language that papers are printed in. It holds nothing about anybody."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from safeconduct.desk.custody import printing
from safeconduct.desk.custody.printing import Print
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.paper.content import FORMS, DeathRecord, Form, Reception, name_of
from safeconduct.paper.wording import AVAILABLE
from safeconduct.vocabulary.languages import LANGUAGES

_BY_NAME = {name_of(form): form for form in FORMS}


@require_safe
@may("custody.forms")
def blank_forms(request: DeskRequest) -> HttpResponse:
    listed = [(name, printing.TITLES[form]) for name, form in _BY_NAME.items()]
    languages = [(tag, LANGUAGES[tag]) for tag in AVAILABLE]
    return render(request, "reception/forms.html", {"forms": listed, "languages": languages})


@require_safe
@may("custody.forms")
def blank_form(request: DeskRequest, form: str, language: str) -> HttpResponse:
    """In that language, and in the detaining Power's beside it."""
    if form not in _BY_NAME or language not in AVAILABLE:
        raise Http404
    languages = list(dict.fromkeys([language, printing.OURS]))
    name = f"{form.replace('_', '-')}-{language}"
    return printing.answer(request, Print(_empty(_BY_NAME[form]), languages, name, reverse("reception:forms")))


def _empty(form: type[Form]) -> Form:
    """Empty but for the Power that this register is kept by, where a setting names it: it is true of everybody (R21)."""
    if issubclass(form, Reception | DeathRecord):
        return form(fell_into_power_of=settings.DESK.detaining_power)
    return form()
