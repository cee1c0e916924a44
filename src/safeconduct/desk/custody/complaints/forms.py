# SPDX-License-Identifier: AGPL-3.0-or-later
"""The paper form as it was typed. A complaint is not refused for anything but its words, what no form has room for, and a day that cannot be read."""

from django.http import QueryDict

from safeconduct.desk.custody import fields
from safeconduct.desk.custody.complaints.errors import NoSuchComplaint, TooLong
from safeconduct.vocabulary.complaints import WORDS_MOST, Addressee, ComplaintTold
from safeconduct.vocabulary.identity import NAME_MAX, SHORT_MAX


@fields.together
def told(said: QueryDict, received_by: str) -> ComplaintTold:
    """Raises `TooLong`, `FieldRefused`."""
    named = set(said.getlist("to"))
    return ComplaintTold(
        words=words(said),
        is_ill_treatment=said.get("ill_treatment") == "yes",
        addressees=tuple(one for one in Addressee if one.value in named),
        surname=fields.line(said, "surname", NAME_MAX),
        first_names=fields.line(said, "first_names", NAME_MAX),
        number=fields.line(said, "number", SHORT_MAX),
        camp=fields.line(said, "where", SHORT_MAX),
        said_on=fields.day(said, "day"),
        received_by=received_by[:SHORT_MAX],
    )


def words(said: QueryDict) -> str:
    """Raises `TooLong`."""
    return fields.text(said, "words", WORDS_MOST, TooLong)


def addressee(said: QueryDict) -> Addressee:
    """Raises `NoSuchComplaint` for one that no page offers."""
    try:
        return Addressee(said.get("to", ""))
    except ValueError:
        raise NoSuchComplaint from None
