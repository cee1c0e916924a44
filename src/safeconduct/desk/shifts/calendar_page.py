# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is promised when: a supervisor sees and changes it."""

from zoneinfo import available_timezones

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from safeconduct.desk.cases import promises
from safeconduct.desk.cases.errors import CalendarRefused
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.shifts import calendar_form
from safeconduct.desk.shifts.calendar_form import CalendarForm


@require_http_methods(["GET", "HEAD", "POST"])
@may("promises.change")
def calendar(request: DeskRequest) -> HttpResponseBase:
    """From now on this is promised."""
    if request.method != "POST":
        return _shown(request, calendar_form.of(promises.current()))
    form = calendar_form.posted(request.POST)
    try:
        promises.change(request.keyring.operator, calendar_form.read(form))
    except CalendarRefused as refused:
        return _shown(request, form, wrong=str(refused), status=400)
    return HttpResponseRedirect(f"{reverse('shifts:calendar')}?kept=1", status=303)


def _shown(request: DeskRequest, form: CalendarForm, *, wrong: str = "", status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "wrong": wrong,
        "problem": _problem(wrong) if wrong else "",
        "zones": sorted(name for name in available_timezones() if "/" in name or name == "UTC"),
        "weekdays": [(str(day), name) for day, name in WEEKDAYS_ABBR.items()],
    }
    return render(request, "shifts/calendar.html", context, status=status)


def _problem(wrong: str) -> str:
    if wrong == "zone":
        return _("Choose a time zone from the list.")
    if wrong == "usual":
        return _("What is promised usually is a whole number of minutes from 1 to 10,080, twice.")
    return _("Row %(row)s cannot be used. It needs at least one day, two times such as 08:00, and minutes twice.") % {
        "row": wrong
    }
