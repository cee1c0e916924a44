# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is heard at each place of a call."""

from collections.abc import Callable, Iterator, Mapping

from safeconduct.dialogue.scripts import Promise, Step, hotline, load, sentences
from safeconduct.edge.channels.voice.places import Act, Answers, Digits, Pause, Place, Said, State, Words

LANGUAGES_MOST = 8  # on one page: keys 1 to 8; 9 is the next page
LANGUAGES_FIRST = 3  # on the first page: who presses nothing waits for all of them, perhaps under fire
_BREATH = Pause(0.8)  # somebody does this while they hear it, or writes it down
_BETWEEN = Pause(0.3)
_BETWEEN_LANGUAGES = Pause(0.2)
_FEW_LANGUAGES = 3
_MANY_PATIENCE = 2.0  # who presses nothing has heard many languages before, and waits for what helps
_STEP_OF: Mapping[Place, str] = {place: place.value for place in (Place.ALONE, Place.GROUP, Place.DRONE, Place.WOUNDED)}

PATIENCE_ELSEWHERE = 5.0  # seconds after the last word
PATIENCE: Mapping[Place, float] = {
    Place.LANGUAGES: 3.0,
    Place.OPENING: 3.0,
    Place.MENU: 5.0,
    Place.FULL: 1.0,
    Place.WHOM: 4.0,
    Place.ALONE: 3.0,
    Place.GROUP: 3.0,
    Place.DRONE: 3.0,
    Place.WOUNDED: 3.0,
    Place.TREATMENT: 2.0,
    Place.CODE: 8.0,
    Place.ASKED: 8.0,
}
ACTS: Mapping[Place, Act] = {
    Place.OPERATOR: Act.QUEUE,
    Place.MESSAGE: Act.RECORD,
    Place.CODE_ASK: Act.OPEN,
    Place.NUMBER_ASK: Act.ASK_NUMBER,
    Place.DELIVER: Act.DELIVER,
    Place.BYE: Act.HANG_UP,
    Place.END: Act.HANG_UP,
}


def says(state: State) -> tuple[Said, ...]:
    """All that is said at this place."""
    return tuple(_SAID[state.place](state))


def patience(state: State) -> float:
    """So many seconds after the last word of this place nothing will be pressed any more."""
    seconds = PATIENCE.get(state.place, PATIENCE_ELSEWHERE)
    is_long = state.place is Place.LANGUAGES and len(state.languages) > _FEW_LANGUAGES
    return min(seconds, _MANY_PATIENCE) if is_long else seconds


def named(*names: str) -> tuple[Words, ...]:
    """Sentences of the hotline by their names."""
    return tuple(Words(hotline()[name]) for name in names)


def outcome(step: str, name: str) -> tuple[Words, ...]:
    """What came of an act with the mailbox."""
    return (Words(load("inbox").steps[step].outcomes[name].say or ""),)


def page_of(state: State) -> tuple[str, ...]:
    """The languages whose keys are heard now."""
    return _pages(state.languages)[state.page]


def following(state: State) -> tuple[str, ...]:
    """Those of the next page; none after the last."""
    return (*_pages(state.languages), ())[state.page + 1]


def _pages(languages: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Words that lead to one language more take as long as its own."""
    first = LANGUAGES_FIRST if len(languages) > LANGUAGES_FIRST + 1 else len(languages)
    starts = range(first, len(languages), LANGUAGES_MOST)
    return [languages[:first], *(languages[start : start + LANGUAGES_MOST] for start in starts)]


def parts() -> tuple[Step, ...]:
    """Of the treatment, in order: the overview and its groups."""
    return tuple(load("treatment").steps.values())


def _languages(state: State) -> Iterator[Said]:
    for key, tag in enumerate(page_of(state), start=1):
        yield Words(hotline()["language_key"], {"key": key}, tag)
        yield _BETWEEN_LANGUAGES
    if following(state):
        yield Words(hotline()["menu_language"], language=following(state)[0])


def _greeted(state: State, *names: str) -> Iterator[Said]:
    """What somebody should know before they give anything of themselves, once a call."""
    if not state.is_greeted:
        yield from named("hello")
        yield _BETWEEN
    yield from named(*names)


def _operator(state: State) -> Iterator[Said]:
    yield from _greeted(state)


def _message(state: State) -> Iterator[Said]:
    yield from _greeted(state, "message_careful", "message_speak")


def _menu(state: State) -> Iterator[Said]:
    yield from _greeted(state)
    yield from named("menu_now", "menu_operator", "menu_message", "menu_replies", "menu_treatment")
    if state.dials:
        yield from named("menu_call_back")
    if len(state.languages) > 1:
        yield from named("menu_language")
    yield from named("menu_again")


def _whom(state: State) -> Iterator[Said]:
    yield from _told(load("instructions").steps["whom"])
    if state.is_full and not state.is_full_told:
        yield from named("line_full")
    yield from named("if_alone", "if_group", "if_drone", "if_wounded")
    if not state.is_full:
        yield from named("go_back")


def _how(state: State) -> Iterator[Said]:
    step = load("instructions").steps[_STEP_OF[state.place]]
    yield Words(step.title)
    yield _BETWEEN
    yield from _told(step)
    yield from named("menu_again", "go_back")


def _told(step: Step) -> Iterator[Said]:
    for msgid in step.say:
        yield Words(msgid)
        yield _BREATH


def _treatment(state: State) -> Iterator[Said]:
    step = parts()[state.part]
    yield Words(step.title)
    yield _BETWEEN
    yield from _told(step)
    for promise in step.promises:
        yield from (Words(promise.text), article(promise), _BREATH)


def article(promise: Promise) -> Words:
    """Where the law says it."""
    numbers = ", ".join(map(str, promise.articles))
    if promise.law != "GC III":
        return Words(sentences()["article_of_protocol"], {"article": numbers})
    if len(promise.articles) == 1:
        return Words(sentences()["article"], {"article": numbers})
    return Words(sentences()["articles"], {"articles": numbers})


def _code(_state: State) -> Iterator[Said]:
    yield from named("code_is")
    yield _BREATH
    yield Digits(is_code=True)
    yield _BREATH
    yield from named("menu_again", "go_back")


def _code_ask(state: State) -> Iterator[Said]:
    yield from _greeted(state, "code_ask")


def _call_back(state: State) -> Iterator[Said]:
    yield from _greeted(state, "call_back_only")
    if state.has_number:
        yield from named("call_back_here")
    yield from named("call_back_other", "go_back")


def _number_right(_state: State) -> Iterator[Said]:
    yield from named("number_is")
    yield Digits()
    yield _BETWEEN
    yield from named("number_right")


def _window(state: State) -> Iterator[Said]:
    yield from named("window_any")
    if not state.any_hour_only:
        yield from named("window_morning", "window_afternoon", "window_evening")
    yield from named("go_back")


def _opened(_state: State) -> Iterator[Said]:
    yield Answers()
    yield from named("menu_again", "go_back")


def _fixed(*names: str) -> Callable[[State], Iterator[Said]]:
    return lambda _state: iter(named(*names))


_SAID: Mapping[Place, Callable[[State], Iterator[Said]]] = {
    Place.LANGUAGES: _languages,
    Place.OPENING: _fixed("menu_now", "menu_operator"),
    Place.MENU: _menu,
    Place.FULL: _fixed("line_full"),
    Place.WHOM: _whom,
    Place.ALONE: _how,
    Place.GROUP: _how,
    Place.DRONE: _how,
    Place.WOUNDED: _how,
    Place.TREATMENT: _treatment,
    Place.OPERATOR: _operator,
    Place.MESSAGE: _message,
    Place.CODE_OFFER: _fixed("code_offer"),
    Place.CODE: _code,
    Place.CODE_ASK: _code_ask,
    Place.OPENED: _opened,
    Place.CALL_BACK: _call_back,
    Place.NUMBER_ASK: _fixed("number_ask"),
    Place.NUMBER_RIGHT: _number_right,
    Place.WINDOW: _window,
    Place.ASKED: _fixed("call_asked"),
    Place.DELIVER: _fixed(),
    Place.BYE: _fixed("good_bye"),
    Place.END: _fixed(),
}
