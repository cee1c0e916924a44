# SPDX-License-Identifier: AGPL-3.0-or-later
"""New wordings: one editor proposes, another approves (R12); and an operator's favourites."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec
from django.db import transaction

from safeconduct.desk.approvals import access as approvals_access
from safeconduct.desk.approvals import acts as approvals
from safeconduct.desk.approvals.errors import ContentChanged
from safeconduct.desk.approvals.models import LIVING, Proposal
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.phrasebook import access, book, claims
from safeconduct.desk.phrasebook.audited import VERSION
from safeconduct.desk.phrasebook.book import Forms
from safeconduct.desk.phrasebook.errors import DraftGone, UnknownPhrase, WordingRefused
from safeconduct.desk.phrasebook.models import Approved, Draft, Favourite


class Proposed(msgspec.Struct, frozen=True):
    """What a draft holds. The hash stands for the sense as well: when that changes, the draft is of nothing any more."""

    tag: str
    wordings: dict[str, tuple[Forms, str]]  # by sentence: its forms, and their hash


def propose(actor: Operator, tag: str, phrase_id: str, forms: Forms) -> Draft:
    """One wording. Raises `UnknownPhrase`, `WordingRefused`, and what `approvals.propose` raises."""
    phrase = access.wording(phrase_id, tag).phrase
    wrong = list(dict.fromkeys(claims.mistakes(phrase, tag, forms)))
    if wrong:
        raise WordingRefused(wrong)
    return _propose(actor, f"{tag}/{phrase_id}", tag, {phrase_id: forms})


def propose_language(actor: Operator, tag: str) -> Draft:
    """Every wording of a language that nobody has approved, as this release carries it. Raises as `propose` does."""
    waiting = {one.phrase.id: one.forms for one in access.wordings(tag).values() if not one.is_approved}
    if not waiting:
        raise UnknownPhrase("nothing of that language waits")
    return _propose(actor, tag, tag, waiting)


def approve(actor: Operator, subject: str, seen: str) -> None:
    """Put into use exactly what this person saw. Raises `DraftGone`, and what `approvals.approve` and `spend` raise."""
    draft, proposal = waiting(subject)
    content = bytes(draft.content)
    if digest_of(content) != seen:
        raise ContentChanged(VERSION)
    if proposal.is_open:
        approvals.approve(actor, proposal.pk, content)
    _put_into_use(actor, draft, proposal.pk)


def waiting(subject: str) -> tuple[Draft, Proposal]:
    """What waits for a second person. Raises `DraftGone`."""
    draft = Draft.objects.filter(subject=subject).first()
    proposal = approvals_access.standing(VERSION, subject)
    if draft is None or proposal is None:
        raise DraftGone(subject)
    return draft, proposal


def all_waiting() -> list[Draft]:
    """Every draft that a second person can approve now: not what was withdrawn or refused, or has lapsed."""
    living = Proposal.objects.filter(kind=VERSION, state__in=LIVING).values("subject")
    drafts = Draft.objects.filter(subject__in=living)
    return [one for one in drafts if approvals_access.standing(VERSION, one.subject) is not None]


def read(draft: Draft) -> Proposed:
    """What it holds."""
    return msgspec.json.decode(bytes(draft.content), type=Proposed)


def outstanding(draft: Draft) -> dict[str, tuple[Forms, str]]:
    """What its approval would put into use.

    A whole language is proposed where nothing was approved: what two people approved since is newer, and stays.
    """
    said = read(draft)
    if draft.subject != said.tag:
        return said.wordings
    since = {name for name, one in access.wordings(said.tag).items() if one.is_approved}
    return {name: wording for name, wording in said.wordings.items() if name not in since}


def digest_of(content: bytes) -> str:
    """What a page shows, so that nobody approves what they did not see."""
    return hashlib.sha256(content).hexdigest()


@transaction.atomic
def favour(actor: Operator, phrase_id: str, *, is_favourite: bool) -> None:
    """Put it to the top of this operator's page, or take it away there. Raises `UnknownPhrase`."""
    access.known(phrase_id)
    if is_favourite:
        Favourite.objects.get_or_create(operator=actor, phrase=phrase_id)
    else:
        Favourite.objects.filter(operator=actor, phrase=phrase_id).delete()


def _propose(actor: Operator, subject: str, tag: str, forms: Mapping[str, Forms]) -> Draft:
    hashed = {name: (said, book.hash_of(name, tag, said)) for name, said in forms.items()}
    content = msgspec.json.encode(Proposed(tag, hashed), order="deterministic")
    approvals.propose(actor, VERSION, subject, content)
    with transaction.atomic():
        draft, _ = Draft.objects.update_or_create(subject=subject, defaults={"content": content})
        audit.record(actor, "phrasebook.proposed", subject)
    return draft


@transaction.atomic
def _put_into_use(actor: Operator, draft: Draft, proposal: int) -> None:
    approvals.spend(proposal, bytes(draft.content), actor=actor)
    tag = read(draft).tag
    for name, (forms, hashed) in outstanding(draft).items():
        if name not in book.phrases() or book.hash_of(name, tag, forms) != hashed:
            raise ContentChanged(VERSION)  # a release changed the sense meanwhile
        Approved.objects.update_or_create(
            phrase=name,
            tag=tag,
            defaults={"forms": forms, "hash": hashed, "day": datetime.now(UTC).date()},
        )
    draft.delete()
    audit.record(actor, "phrasebook.approved", draft.subject)
