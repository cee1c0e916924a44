# SPDX-License-Identifier: AGPL-3.0-or-later
"""What operators post about a case besides words to its person: marks, the unit, folds."""

from typing import Any

from django import forms

from safeconduct.desk.cases.forms import FORM_NAME, Words
from safeconduct.desk.cases.writing import Writing
from safeconduct.vocabulary.applications import HEAD_COUNT_MAX
from safeconduct.vocabulary.casework import REASON_MAX, UnitArrival

_NUMBER = r"^\s*[0-9]{2}-?[0-9]{4,9}\s*$"
_ENVELOPE = r"^[0-9a-f]{32}$"


def number_of(said: str) -> str:
    """A case's number however it was typed."""
    digits = "".join(one for one in said if one in "0123456789")
    return f"{digits[:2]}-{digits[2:]}"


class MarkForm(forms.Form):
    """Duress, a minor, and what a supervisor says of them. Every mark has a reason."""

    do = forms.ChoiceField(choices=[(one, one) for one in ("freeze", "lift", "suspect", "minor", "adult")])
    reason = Words(REASON_MAX)


class OnceForm(forms.Form):
    """A form that writes once, however often it is posted."""

    form = forms.RegexField(FORM_NAME)

    def written(self) -> Writing:
        """Bound to all that was posted: the same form with the same answers writes once."""
        said = repr(sorted((name, str(value)) for name, value in self.cleaned_data.items()))
        return Writing(said, 0, self.cleaned_data["form"])


class CountForm(OnceForm):
    head_count = forms.IntegerField(min_value=1, max_value=HEAD_COUNT_MAX)


class VoiceForm(OnceForm):
    member = forms.RegexField(_NUMBER, required=False)  # empty: whoever writes in the unit's own case

    def clean_member(self) -> str | None:
        said: str = self.cleaned_data["member"]
        return number_of(said) if said else None


class MemberForm(OnceForm):
    member = forms.RegexField(_NUMBER)

    def clean_member(self) -> str:
        return number_of(self.cleaned_data["member"])


class ArrivalForm(OnceForm):
    received = forms.IntegerField(min_value=0, max_value=HEAD_COUNT_MAX, required=False)
    not_come = forms.IntegerField(min_value=0, max_value=HEAD_COUNT_MAX, required=False)
    aborted = forms.IntegerField(min_value=0, max_value=HEAD_COUNT_MAX, required=False)
    contact_lost = forms.IntegerField(min_value=0, max_value=HEAD_COUNT_MAX, required=False)
    corrects = forms.RegexField(_ENVELOPE, required=False)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        names = ("received", "not_come", "aborted", "contact_lost")
        if {*names, "corrects"} <= said.keys():
            corrects = bytes.fromhex(said["corrects"]) if said["corrects"] else None
            said["counts"] = UnitArrival(**{name: said[name] or 0 for name in names}, corrects=corrects)
        return said
