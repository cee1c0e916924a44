# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What this room refuses, each with its sentence for whoever is at the page.

HostilitiesError
├── EndedAlready      it stands in every open camp
├── NotEnded          it stands nowhere: there is nothing to take back
├── NothingProposed   nobody asks for that, or it changed meanwhile
├── NeedsAnother      nobody confirms what they proposed
└── ProposedAlready   a colleague has proposed the same; it waits for another person
"""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody.errors import CustodyError


class HostilitiesError(CustodyError):
    """Base of all errors of this room."""


class EndedAlready(HostilitiesError):
    sentence = _("The end of the fighting stands in every open camp already.")


class NotEnded(HostilitiesError):
    sentence = _("The end of the fighting is entered nowhere.")


class NothingProposed(HostilitiesError):
    sentence = _(
        "Nobody proposes this any more, or it changed meanwhile. Nothing was entered: read the page and decide anew."
    )


class NeedsAnother(HostilitiesError):
    sentence = _("Another registrar has to confirm it.")


class ProposedAlready(HostilitiesError):
    sentence = _("A colleague has proposed the same. Confirm theirs.")
