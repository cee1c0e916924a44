# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole of a call as a pure machine: what was pressed, or not, or reported -> what is said and done next.

Total: every input at every place has an answer. Nothing is asked before the instructions (R1), which one key reaches, and
silence; they say when protection starts before they say how (R11). Star goes back, 0 says it again.
"""

from collections.abc import Callable, Mapping, Sequence

from safeconduct.dialogue.scripts import load
from safeconduct.edge.channels.voice import screens
from safeconduct.edge.channels.voice.places import Act, Input, Key, Place, Report, Said, Silence, State, Step, Words
from safeconduct.edge.channels.voice.screens import named

SILENCES_MOST = 3  # so often the menu is said, with the instructions after it, to somebody who presses nothing
AGAIN_MOST = 2
TYPED = frozenset({Place.CODE_ASK, Place.NUMBER_ASK})  # where digits are no choices
_HOW = (Place.ALONE, Place.GROUP, Place.DRONE, Place.WOUNDED)

Leads = Callable[[State], Step]


def begin(
    languages: Sequence[str], likely: str | None = None, *, dials: bool = False, has_number: bool = False,
    is_full: bool = False,
) -> Step:  # fmt: skip
    """A call to us. One language is not asked for; `likely` is spoken to who chooses none."""
    first = Place.LANGUAGES if len(languages) > 1 else Place.FULL if is_full else Place.OPENING
    language = likely if likely is not None and likely in languages else languages[0]
    state = State(first, tuple(languages), language, dials=dials, has_number=has_number, is_full=is_full)
    return _enter(state, state.place)


def asked(languages: Sequence[str], language: str) -> Step:
    """A call of ours, to somebody who wished it. Who does not press 1 hears nothing else, not even a farewell (R4)."""
    state = State(Place.ASKED, tuple(languages), language, is_greeted=True, dials=True)
    return _enter(state, Place.ASKED)


def advance(state: State, said: Input) -> Step:
    """What follows. Never raises."""
    if isinstance(said, Key):
        return _pressed(state, said.key)
    if isinstance(said, Silence):
        return _SILENT.get(state.place, _home)(state)
    if said is Report.ENDED:
        return _enter(state, Place.END)
    return _REPORTED.get((state.place, said), _home)(state)


def once_more(state: State) -> Step:
    """The same place again, after something that belongs to none: a word by keys."""
    return _enter(state, state.place)


def _enter(state: State, place: Place, *first: Said, **changes: object) -> Step:
    """`first` is said before what the place says, and not again with it."""
    if place is not state.place:
        changes = {"again": 0, **changes}
    here = state.at(place, **changes)
    says = (*first, *screens.says(here))
    act = screens.ACTS.get(place)
    after = here.at(
        place,
        is_greeted=here.is_greeted or place in _GREETING,
        is_protection_told=here.is_protection_told or place is Place.WHOM,
        is_full_told=here.is_full_told or (here.is_full and place in {Place.FULL, Place.WHOM}),
    )
    return Step(after, says, act, screens.patience(here))


def _home(state: State, *first: Said) -> Step:
    return _enter(state, Place.FULL if state.is_full else Place.MENU, *first)


def _pressed(state: State, key: str) -> Step:
    state = state.at(state.place, silences=0, again=0)
    if state.place in TYPED and key.isdecimal():
        return Step(state, (), screens.ACTS[state.place])  # it is the first of what they were asked to type
    if key == "0":
        return _enter(state, state.place)
    if key == "*":
        return _back(state)
    if state.place in screens.ACTS:  # what was being said is cut short, and the act begins
        return Step(state, (), screens.ACTS[state.place])
    found = _chosen(state, key)
    return found if found is not None else _enter(state, state.place, *named("wrong_key"))


def _back(state: State) -> Step:
    if state.place is Place.TREATMENT and state.part > 0:
        return _enter(state, Place.TREATMENT, part=state.part - 1)
    if state.place is Place.LANGUAGES:
        return _enter(state, Place.LANGUAGES, page=0)
    if state.place in _STAYS:
        return _enter(state, state.place)
    back = _BACK.get(state.place)
    return _home(state) if back is None else _enter(state, back)


def _chosen(state: State, key: str) -> Step | None:
    if state.place is Place.LANGUAGES:
        return _language(state, key)
    if state.place is Place.TREATMENT:
        return _part(state, key)
    if state.place is Place.OPENED:
        return None
    leads = _KEYS.get(state.place, {}).get(key)
    return None if leads is None else leads(state)


def _language(state: State, key: str) -> Step | None:
    offered = screens.page_of(state)
    if key == "9":
        return _enter(state, Place.LANGUAGES, page=state.page + 1 if screens.following(state) else 0)
    if not key.isdecimal() or not 1 <= int(key) <= len(offered):
        return None
    return _home(state.at(state.place, language=offered[int(key) - 1], page=0, is_greeted=False))


def _part(state: State, key: str) -> Step:
    """A number leads to that group; any other key over what is left of this one."""
    last = len(screens.parts()) - 1
    if key.isdecimal() and 1 <= int(key) <= last:
        return _enter(state, Place.TREATMENT, part=int(key))
    return _next_part(state)


def _next_part(state: State) -> Step:
    if state.part + 1 < len(screens.parts()):
        return _enter(state, Place.TREATMENT, part=state.part + 1)
    return _home(state)


def _to(place: Place, *first: str, **changes: object) -> Leads:
    return lambda state: _enter(state, place, *named(*first), **changes)


def _act(act: Act) -> Leads:
    return lambda state: Step(state, (), act)


def _if_number(state: State) -> Step:
    if not state.has_number:
        return _enter(state, state.place, *named("wrong_key"))
    return Step(state, (), Act.TAKE_NUMBER)


def _if_dials(state: State) -> Step:
    return _enter(state, Place.CALL_BACK) if state.dials else _enter(state, state.place, *named("wrong_key"))


def _other_language(state: State) -> Step:
    if len(state.languages) == 1:
        return _enter(state, state.place, *named("wrong_key"))
    return _enter(state, Place.LANGUAGES, page=0)


def _window(act: Act) -> Leads:
    def keep(state: State) -> Step:
        if state.any_hour_only and act is not Act.KEEP_ANY:
            return _enter(state, state.place, *named("wrong_key"))
        return Step(state, (), act)

    return keep


def _menu_silent(state: State) -> Step:
    """Somebody who can only listen hears all that helps; then the line is free for others."""
    if state.silences >= SILENCES_MOST:
        return _enter(state, Place.BYE)
    return _told_unasked(state)


def _told_unasked(state: State) -> Step:
    return _enter(state, Place.WHOM, silences=state.silences + 1)


def _full_silent(state: State) -> Step:
    return _enter(state, Place.BYE if state.is_protection_told else Place.WHOM)


def _wounded_silent(state: State) -> Step:
    return _enter(state, Place.MESSAGE) if state.is_full else _home(state)


def _again_or(place: Place | None) -> Leads:
    def lead(state: State) -> Step:
        if state.again < AGAIN_MOST:
            return _enter(state, state.place, again=state.again + 1)
        return _home(state) if place is None else _enter(state, place)

    return lead


def _no_language(state: State) -> Step:
    """Somebody who chose none in the first words of a call may be unable to: what helps comes before anything else."""
    state = state.at(state.place, page=0)
    has_begun = state.is_protection_told if state.is_full else state.is_greeted
    return _home(state) if has_begun else _told_unasked(state)


def _no_code(state: State) -> Step:
    return _home(state, Words(load("welcome").steps["menu"].outcomes["none"].say or ""))


_PARENTS_KEYS: Mapping[str, Leads] = {
    "1": _to(Place.ALONE), "2": _to(Place.GROUP), "3": _to(Place.DRONE), "4": _to(Place.WOUNDED), "9": _other_language,
}  # fmt: skip
_MENU_KEYS: Mapping[str, Leads] = {
    "1": _to(Place.WHOM), "2": _to(Place.OPERATOR), "3": _to(Place.MESSAGE), "4": _to(Place.CODE_ASK),
    "5": _to(Place.TREATMENT, part=0), "6": _if_dials, "9": _other_language,
}  # fmt: skip
_KEYS: Mapping[Place, Mapping[str, Leads]] = {
    Place.OPENING: _MENU_KEYS, Place.MENU: _MENU_KEYS,
    Place.FULL: {"1": _to(Place.WHOM), "3": _to(Place.MESSAGE), "9": _other_language},
    Place.WHOM: _PARENTS_KEYS, Place.ALONE: _PARENTS_KEYS, Place.GROUP: _PARENTS_KEYS,
    Place.DRONE: _PARENTS_KEYS, Place.WOUNDED: _PARENTS_KEYS,
    Place.CODE_OFFER: {"1": _act(Act.SHOW_CODE)},
    Place.CALL_BACK: {"1": _if_number, "2": _to(Place.NUMBER_ASK)},
    Place.NUMBER_RIGHT: {"1": _to(Place.WINDOW), "2": _to(Place.NUMBER_ASK)},
    Place.WINDOW: {
        "1": _window(Act.KEEP_ANY), "2": _window(Act.KEEP_MORNING), "3": _window(Act.KEEP_AFTERNOON),
        "4": _window(Act.KEEP_EVENING),
    },
    Place.ASKED: {"1": _to(Place.DELIVER)},
}  # fmt: skip
_SILENT: Mapping[Place, Leads] = {
    Place.LANGUAGES: _no_language,
    Place.OPENING: _told_unasked,
    Place.MENU: _menu_silent,
    Place.FULL: _full_silent,
    Place.WHOM: _to(Place.ALONE),
    Place.ALONE: _to(Place.GROUP),
    Place.GROUP: _to(Place.DRONE),
    Place.DRONE: _to(Place.WOUNDED),
    Place.WOUNDED: _wounded_silent,
    Place.TREATMENT: _next_part,
    Place.CODE: _again_or(None),
    Place.NUMBER_RIGHT: _again_or(None),
    Place.WINDOW: _again_or(None),
    Place.ASKED: _again_or(Place.END),
    Place.BYE: _to(Place.END),
    Place.END: _to(Place.END),
}
_REPORTED: Mapping[tuple[Place, Report], Leads] = {
    (Place.OPERATOR, Report.NOBODY): _to(Place.MESSAGE, "nobody_on_duty"),
    (Place.OPERATOR, Report.LEFT): _to(Place.MESSAGE),
    (Place.MESSAGE, Report.STORED): _to(Place.CODE_OFFER, "message_stored"),
    (Place.MESSAGE, Report.LONG): _to(Place.CODE_OFFER, "message_full"),
    (Place.MESSAGE, Report.EMPTY): lambda state: _home(state, *named("message_empty")),
    (Place.MESSAGE, Report.FAILED): lambda state: _home(state, *named("message_failed")),
    (Place.CODE_OFFER, Report.CODE): _to(Place.CODE),
    (Place.CODE_OFFER, Report.NO_CODE): _no_code,
    (Place.CODE_OFFER, Report.FAILED): _no_code,
    (Place.CODE_ASK, Report.OPENED): _to(Place.OPENED),
    (Place.CODE_ASK, Report.NOT_OPENED): _to(Place.CODE_ASK),
    (Place.CALL_BACK, Report.NUMBER): _to(Place.NUMBER_RIGHT, any_hour_only=False),
    (Place.CALL_BACK, Report.ANY_HOUR): _to(Place.NUMBER_RIGHT, any_hour_only=True),
    (Place.CALL_BACK, Report.NO_NUMBER): _to(Place.NUMBER_ASK),
    (Place.NUMBER_ASK, Report.NUMBER): _to(Place.NUMBER_RIGHT, any_hour_only=False),
    (Place.NUMBER_ASK, Report.ANY_HOUR): _to(Place.NUMBER_RIGHT, any_hour_only=True),
    (Place.NUMBER_ASK, Report.NO_NUMBER): _to(Place.NUMBER_ASK, "number_wrong"),
    (Place.WINDOW, Report.KEPT): lambda state: _home(state, *named("call_back_kept")),
    (Place.WINDOW, Report.FAILED): lambda state: _home(state, *named("message_failed")),
    (Place.BYE, Report.DELIVERED): _to(Place.END),
    (Place.END, Report.DELIVERED): _to(Place.END),
}
_BACK: Mapping[Place, Place] = {
    **dict.fromkeys(_HOW, Place.WHOM),
    Place.NUMBER_ASK: Place.CALL_BACK,
    Place.NUMBER_RIGHT: Place.CALL_BACK,
    Place.WINDOW: Place.NUMBER_RIGHT,
}
_GREETING = frozenset({Place.MENU, Place.OPERATOR, Place.MESSAGE, Place.CODE_ASK, Place.CALL_BACK})
_STAYS = frozenset({Place.ASKED, Place.BYE, Place.END})
