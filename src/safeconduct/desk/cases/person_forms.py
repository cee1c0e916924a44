# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an operator enters of a person, and what they search by. Every field may stay empty."""

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from safeconduct.desk.cases import likeness
from safeconduct.matching.dates import Calendar
from safeconduct.vocabulary.identity import (
    CLAIMS_MAX,
    DATE_MAX,
    NAME_MAX,
    SHORT_MAX,
    SPELLINGS_MAX,
    Birth,
    IdentityClaim,
)

CALENDARS: tuple[tuple[str, str | Promise], ...] = (
    ("", gettext_lazy("As the words say")),
    (Calendar.GREGORIAN.value, gettext_lazy("Gregorian")),
    (Calendar.JUCHE.value, gettext_lazy("Juche")),
    (Calendar.BIKRAM_SAMBAT.value, gettext_lazy("Bikram Sambat")),
    (Calendar.HIJRI.value, gettext_lazy("Hijri")),
    (Calendar.ETHIOPIAN.value, gettext_lazy("Ethiopian")),
)


class Spellings(forms.CharField):
    """Other spellings, one a line."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> tuple[str, ...]:  # type: ignore[override]  # it is no text any more
        return tuple(line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip())

    def validate(self, value: tuple[str, ...]) -> None:
        super().validate("")
        if len(value) > SPELLINGS_MAX:
            said = ngettext("At most %(most)d spelling.", "At most %(most)d spellings.", SPELLINGS_MAX)
            raise forms.ValidationError(said % {"most": SPELLINGS_MAX})
        if any(len(one) > NAME_MAX for one in value):
            raise forms.ValidationError(_("A spelling is too long: at most %(most)d characters.") % {"most": NAME_MAX})

    def run_validators(self, value: Any) -> None:
        """Of texts; this is none."""


class DetailsForm(forms.Form):
    """What tells one person from another."""

    name = forms.CharField(max_length=NAME_MAX, required=False)
    birth = forms.CharField(max_length=DATE_MAX, required=False)
    calendar = forms.ChoiceField(choices=CALENDARS, required=False)
    unit = forms.CharField(max_length=SHORT_MAX, required=False)
    service_number = forms.CharField(max_length=SHORT_MAX, required=False)

    def claim(self) -> IdentityClaim:
        said = self.cleaned_data
        text, calendar = said.get("birth", ""), said.get("calendar", "")
        return IdentityClaim(
            name=said.get("name", ""),
            spellings=said.get("spellings", ()),
            birth=Birth(text, calendar or None) if text else None,
            unit=said.get("unit", ""),
            service_number=said.get("service_number", ""),
        )


class ClaimForm(DetailsForm):
    """One person's details from one source."""

    spellings = Spellings(required=False)

    @property
    def hints(self) -> dict[str, str]:
        """What is made of what was entered before: an operator sees at once what was misread."""
        claim: IdentityClaim | None = self.initial.get("claim")
        return {} if claim is None else _hints(claim)


class SearchForm(DetailsForm):
    """What somebody is searched by: details, or the number of a case. One spelling finds the others."""

    number = forms.CharField(max_length=14, required=False)

    @property
    def digits(self) -> str:
        return "".join(one for one in self.cleaned_data.get("number", "") if one in "0123456789")


ClaimForms = formset_factory(ClaimForm, extra=1, max_num=CLAIMS_MAX, validate_max=True)


def showing(claims: tuple[IdentityClaim, ...]) -> "BaseFormSet[ClaimForm]":
    """These claims, and an empty one."""
    return ClaimForms(initial=[_initial(claim) for claim in claims])


def claims_in(said: "BaseFormSet[ClaimForm]") -> tuple[IdentityClaim, ...]:
    return tuple(form.claim() for form in said.forms)


def _initial(claim: IdentityClaim) -> dict[str, Any]:
    return {
        "claim": claim,
        "name": claim.name,
        "spellings": "\n".join(claim.spellings),
        "birth": claim.birth.text if claim.birth else "",
        "calendar": (claim.birth.calendar or "") if claim.birth else "",
        "unit": claim.unit,
        "service_number": claim.service_number,
    }


def _hints(claim: IdentityClaim) -> dict[str, str]:
    hints = {}
    if claim.birth:
        hints["birth"] = likeness.birth_in_words(claim) or _("Not read as a date: it is kept, and not compared.")
    if claim.unit:
        hints["unit"] = likeness.unit(claim) or _("Not read as a unit's number: it is kept, and not compared.")
    if claim.service_number:
        unread = _("Not read as a service number: it is kept, and not compared.")
        hints["service_number"] = likeness.service_number(claim) or unread
    return hints
