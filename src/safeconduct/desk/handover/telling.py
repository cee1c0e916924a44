# SPDX-License-Identifier: AGPL-3.0-or-later
"""States, moves and refusals in words. No sentence repeats what was typed."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.approvals import errors as approvals
from safeconduct.desk.cases import errors as cases
from safeconduct.desk.handover import errors
from safeconduct.desk.handover.states import HandoverState, Move
from safeconduct.sealing.errors import SealingError

Text = str | Promise

STATES: dict[HandoverState, Text] = {
    HandoverState.DRAFT: _("being planned"),
    HandoverState.PROPOSED: _("waits for an approver"),
    HandoverState.APPROVED: _("approved, not released"),
    HandoverState.RELEASED: _("released"),
    HandoverState.RECEIVED: _("received"),
    HandoverState.NOT_COME: _("nobody came"),
    HandoverState.ABORTED: _("aborted"),
    HandoverState.LOST: _("contact lost"),
}
LOOKS = {
    HandoverState.PROPOSED: "soon",
    HandoverState.APPROVED: "accent",
    HandoverState.RELEASED: "now",
    HandoverState.RECEIVED: "fine",
}
OUTCOMES: dict[Move, Text] = {
    Move.RECEIVE: _("Received"),
    Move.NOT_COME: _("Nobody came"),
    Move.ABORT: _("Abort"),
    Move.LOSE: _("Contact lost"),
}
TOLD = OUTCOMES | {Move.ABORT: _("Aborted")}  # by a unit, of what has happened
EARLY = _("The window has not opened yet. Go on only if the people are really with you.")
STOPS: dict[str, Text] = {
    "duress": _("The case is frozen: the person may not be free. Nothing of a handover may go on but its abort."),
    "review": _("Somebody believes that the person is younger than 18. A supervisor has to look at it first."),
    "unread": _("There is a message of this person that nobody has opened. Read it first."),
    "type": _("A relative or somebody who is still at home is never handed over: the soldier has to write in person."),
    "application": _("Nothing readable says who is applying. An application is needed first."),
}
_DAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
DAYS: dict[str, Text] = {str(number): name for number, name in enumerate(_DAYS)}

FIELDS: dict[str, Text] = {
    "unit": _("Choose the unit that meets them."),
    "point": _("Say where, in up to 160 characters and without line ends or hidden characters."),
    "begins": _("This begin cannot be: it lies too far ahead, or the unit's clocks skip that time or show it twice."),
    "ends": _("The window must end after it begins and after now, at most 12 hours later."),
    "head_count": _("Say how many people, in figures."),
    "wounded": _("Say how many of them are wounded: none is 0, and never more than come."),
    "language": _("The unit does not speak this language. Choose another unit."),
    "signal": _("Say by what they are known, in up to 160 characters."),
    "abort": _("Say what calls it off, in up to 160 characters."),
    "fallback": _("Say what happens if it fails, in up to 200 characters."),
    "hold_fire_who": _("Say who confirmed it, in up to 60 characters, or leave both fields empty for now."),
    "hold_fire_at": _("Say when it was confirmed: not later than now, and not earlier than a day before the window."),
    "name": _("Use 1 to 40 letters, digits, spaces, dots or dashes."),
    "sectors": _("Name 1 to 20 sectors, one on each line."),
    "languages": _("Choose at least one language."),
    "zone": _("Choose the unit's time zone."),
    "days": _("Choose the days on which its hours begin."),
    "opens": _("Say when its hours begin, such as 06:00."),
    "closes": _("Say when they end, such as 22:00. The same time twice means round the clock."),
    "people": _("A unit has at most 15 people here."),
}

_REFUSALS: dict[type[Exception], Text] = {
    errors.MoveRefused: _("This handover has moved on meanwhile, or its approval stands no more. Look at it again."),
    errors.NotWithCell: _("The case is not with the handover cell. A planner has to take it over first."),
    errors.Erased: _("The person had everything erased. Only an outcome can be told."),
    errors.AlreadyPlanned: _("Another handover of this case is under way."),
    errors.NoPlan: _("Write the plan first."),
    errors.PlanMoved: _("A colleague has changed the plan since you opened it. Look at it again."),
    errors.NoHoldFire: _(
        "Nobody has confirmed that own troops were told to hold fire. Write into the plan who did, and when."
    ),
    errors.WindowPassed: _("The window has passed. Plan it anew."),
    errors.ClockDoubtful: _(
        "The desk's clock cannot be believed, so no window can. An administrator has to confirm the time."
    ),
    errors.NeedsAnother: _("Who approved the plan does not release it. A colleague has to."),
    errors.NotTold: _(
        "The person has not been told the words: they could not answer the unit. Tell them first, and then release it."
    ),
    errors.NotArrived: _(
        "Nobody knows that the message with the words has reached the person. See below what became of it. Wait for that, or for any word from them, or tell them anew."
    ),
    errors.NotBegun: _("The window has not opened yet. If nobody is to go, call it off with Abort."),
    errors.NobodyReceives: _("The unit has nobody here whose key was heard. Take somebody into it first."),
    errors.NoSuchUnit: _("That unit does not work any more, or its card cannot be read. Choose another one."),
    errors.TooLong: _("Read over radio, this takes longer than a minute. Shorten point, signals or fallback."),
    errors.NoCodes: _("There are no words for this handover, or they have expired. Plan and approve it anew."),
    errors.CodesMissing: _("The message does not hold both halves as they were made. Put them back."),
    errors.NamesThePlace: _(
        "The message holds something of the place, or what reads like a reference. Words and place never go in one message."
    ),
    errors.TokenRefused: _("A token has 32 digits and letters from a to f, as it stands on custody's page."),
    errors.NoLink: _("There is no link of this handover."),
    errors.UnitTaken: _("A unit has this name already, now or in the past."),
    errors.KeyChanged: _("Their key has changed since this page was made. Listen to the fingerprint again."),
    approvals.SamePerson: _("Nobody approves what they proposed themselves."),
    approvals.AlreadyProposed: _("A colleague has proposed just this already."),
    approvals.ContentChanged: _("This is not what your colleague saw. Compare it with them, and begin anew."),
    approvals.Lapsed: _("The proposal was left for too long. Propose it anew."),
    approvals.NotAllowed: _("Somebody whom this rests on has left or does something else now. Propose it anew."),
    cases.NoMailbox: _("Nothing readable says where an answer to this person could be sealed to."),
    cases.HeldByOthers: _("The case is not yours to answer. Nothing was sent."),
    SealingError: _("Something here was altered, or is sealed to a key that you do not have. Tell your administrator."),
    cases.TransitionRefused: _("The case is closed. Put it back into the queue first."),
}
# Of another case that is the same person's, or of the same unit.
BOUND_STOPS: dict[str, Text] = {
    "duress": _("Case %(number)s is this person too, or of the same unit, and is frozen: somebody may not be free."),
    "review": _(
        "Case %(number)s is this person too, or of the same unit: somebody there may be younger than 18. "
        "A supervisor has to look at it first."
    ),
    "unread": _(
        "Case %(number)s is this person too, or of the same unit, and has a message that nobody has opened. "
        "Whoever has that case reads it first."
    ),
}
_BESIDE = _(
    "Handover %(number)s is under way for this person too, or for their unit. Look at both before anybody goes."
)
_MOVED = _(
    "The times were those of %(was)s. Here they stand as those of %(zone)s: look at them, and keep the plan again."
)
_OTHERWISE = _("That could not be done. Look at the handover again.")


def stop(why: str, number: str = "") -> Text:
    """What stops it. `number`: the other case in which it stands; empty for its own."""
    if number and why in BOUND_STOPS:
        return str(BOUND_STOPS[why]) % {"number": number}
    return STOPS.get(why, _OTHERWISE)


def beside(number: str) -> Text:
    """Another handover is about the same people."""
    return str(_BESIDE) % {"number": number}


def moved(was: str, zone: str) -> Text:
    """The form's times are now those of another unit."""
    return str(_MOVED) % {"was": was, "zone": zone}


def refusal(error: Exception) -> Text:
    """For the person who was refused."""
    if isinstance(error, errors.Stopped):
        return stop(error.why, error.number)
    if isinstance(error, errors.AlreadyPlanned) and error.other:
        return beside(error.other)
    if isinstance(error, errors.PlanRefused | errors.CardRefused):
        return FIELDS.get(error.field, _OTHERWISE)
    found = next((text for kind, text in _REFUSALS.items() if isinstance(error, kind)), None)
    return found or _OTHERWISE
