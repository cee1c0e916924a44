# SPDX-License-Identifier: AGPL-3.0-or-later
"""From answers to the records that are sealed: the only place where either is made, whatever the channel."""

from safeconduct.dialogue.answers import Answers
from safeconduct.vocabulary.applications import ApplicationType, Stage
from safeconduct.vocabulary.contact import WEB, SafeContactRule
from safeconduct.vocabulary.records import ApplicationFacts, PersonText

NEVER = "never"
# Where replies only wait in the inbox, hours decide nothing; a page may leave them open and a chat does not ask.
_WHOLE_DAY = ("00:00", "23:59")
_NO_ZONE = "Etc/UTC"


def facts_from(answers: Answers, *, channel: str, mailbox: bytes) -> ApplicationFacts:
    """The closed answers of the step `application`, understood before (`forms.understand` or the engine's `Finish`).

    `channel` is the one the application came by; `mailbox` the public key that replies are sealed to.
    """
    return ApplicationFacts(
        type=ApplicationType(answers["type"]),
        language=answers["language"],
        stage=Stage(answers["stage"]),
        head_count=int(answers.get("head_count", "1")),
        channel=channel,
        safe_contact=_safe_contact(answers),
        duress_word_set="duress_word" in answers,
        mailbox=mailbox,
    )


def text_from(answers: Answers, *, duress: bool = False) -> PersonText | None:
    """The free text as a record of its own, so that it can be destroyed alone (R3); None when nothing was written.

    `duress` is what `duress.spoken` said of it. The text that comes with an application is not matched against the
    word chosen in that same application: who explains the word while choosing it is not under duress (R5).
    """
    text = answers.get("text")
    return PersonText(text=text, duress=duress) if text else None


def _safe_contact(answers: Answers) -> SafeContactRule | None:
    contact = answers.get("contact", WEB)
    if contact == NEVER:
        return None
    return SafeContactRule(
        channel=contact,
        from_=answers.get("contact_from", _WHOLE_DAY[0]),
        to=answers.get("contact_to", _WHOLE_DAY[1]),
        timezone=answers.get("contact_zone", _NO_ZONE),
        neutral_text=answers.get("neutral_text") != "no",
    )
