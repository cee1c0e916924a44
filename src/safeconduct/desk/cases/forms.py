# SPDX-License-Identifier: AGPL-3.0-or-later
"""What operators post. A form that is refused is shown again with everything that was typed."""

import secrets
from typing import Any

from django import forms
from django.utils.translation import ngettext

from safeconduct.desk.cases.states import Move
from safeconduct.desk.cases.writing import Writing
from safeconduct.vocabulary.records import TEXT_MAX

FORM_NAME = r"^[0-9a-f]{32}$"
_FORM_BYTES = 16
_ROW_MAX = 2**63 - 1


class Words(forms.CharField):
    """Text as it was typed. Browsers post line ends as two characters; one is counted, stored and sent."""

    widget = forms.Textarea

    def __init__(self, limit: int = TEXT_MAX) -> None:
        super().__init__(strip=False)
        self.limit = limit

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        return text if text.strip() else ""

    def run_validators(self, value: Any) -> None:
        super().run_validators(value)
        over = len(value) - self.limit
        if over > 0:
            raise forms.ValidationError(
                ngettext(
                    "%(limit)s characters can be sent; this is %(over)s too many.",
                    "%(limit)s characters can be sent; these are %(over)s too many.",
                    over,
                )
                % {"limit": f"{self.limit:,}", "over": f"{over:,}"},
                code="too_long",
            )


class SeenForm(forms.Form):
    """Up to where a page shows the conversation."""

    seen = forms.IntegerField(min_value=0, max_value=_ROW_MAX)


class WritingForm(SeenForm):
    """A reply or a note. `form` is random and made with the page, so that posting twice writes once."""

    text = Words()
    form = forms.RegexField(FORM_NAME)
    reopen = forms.BooleanField(required=False)

    def written(self) -> Writing:
        said = self.cleaned_data
        return Writing(said["text"], said["seen"], said["form"], reopens=said["reopen"])

    def shown_again(self, seen: int) -> None:
        """To be sent off from a page that shows all up to there: a row that was out of date, or no row, is not repeated."""
        fresh = {"seen": str(seen)} | ({"form": fresh_name()} if "form" in self.errors else {})
        self.data = {name: self.data.get(name, "") for name in self.fields} | fresh


class StatusForm(SeenForm):
    """A button of the case."""

    move = forms.ChoiceField(choices=[(move.value, move.value) for move in (Move.SETTLE, Move.CLOSE, Move.RETURN)])


def row_of(said: str) -> int:
    """A row as an address names it; 0 for what is none."""
    return min(int(said), _ROW_MAX) if said.isascii() and said.isdigit() and len(said) <= len(str(_ROW_MAX)) else 0


def fresh(text: str, seen: int) -> WritingForm:
    """A form to be shown for the first time, perhaps with a kept draft in it."""
    return WritingForm(initial={"text": text, "seen": seen, "form": fresh_name()})


def fresh_name() -> str:
    """Of a form that is to write once."""
    return secrets.token_hex(_FORM_BYTES)
