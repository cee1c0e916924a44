# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts of this room that are recorded (R49)."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.audit.registry import Act

ACTS = (
    Act("operators.signed_in", _("signed in")),
    Act("operators.refused", _("gave a right passphrase and a wrong code")),
    Act("operators.key_exchanged", _("could not sign in: their public key was exchanged")),
    Act("operators.locked", _("locked the desk")),
    Act("operators.unlocked", _("unlocked the desk")),
    Act("operators.signed_out", _("signed out")),
    Act("operators.added", _("added an operator")),
    Act("operators.renewed", _("gave an operator a new passphrase and key")),
    Act("operators.deactivated", _("deactivated an operator")),
    Act("operators.admitted", _("let an operator in to a team")),
    Act("operators.team_founded", _("gave a team a key")),
    Act("operators.rotation_begun", _("gave a team a new key")),
    Act("operators.rotation_step", _("finished a pass over what is sealed to a team")),
    Act("operators.rotation_ended", _("destroyed a team's older key")),
    Act("operators.key_published", _("saw a team's new key on the board")),
    Act("operators.shares_made", _("made recovery shares of a team's key")),
    Act("operators.recovered", _("let somebody in to a team with recovery shares")),
    Act("operators.key_registered", _("registered a security key")),
    Act("operators.key_removed", _("removed a security key")),
    Act("operators.key_refused", _("gave a right passphrase, and a security key that did not fit")),
    Act("operators.index_key", _("made the key of a team's search index")),
    Act("operators.duty_card", _("changed what they bring to a call")),
    Act("operators.skills", _("said what a colleague is trained for")),
    Act("operators.duty_began", _("went on duty")),
    Act("operators.duty_ended", _("went off duty")),
    Act("operators.duty_lapsed", _("took off duty whose desk was locked or left, or whose shift was over")),
)
