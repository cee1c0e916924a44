# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may be taken from a prisoner of war, and the receipt for it (GC III, art. 18). There is no word here for an identity document."""

from enum import Enum
from typing import Annotated

import msgspec

from safeconduct.vocabulary.identity import Name, Short

ARTICLES_MOST = 20


class ArticleKind(Enum):
    """All that article 18 lets be taken: arms and equipment at once; money and valuables by an officer's order, into a register."""

    EQUIPMENT = "equipment"
    MONEY = "money"
    VALUABLE = "valuable"


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """One article or sum."""

    kind: ArticleKind
    what: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    amount: Short = ""
    condition: Short = ""
    reason: Name = ""


class EffectsTaken(msgspec.Struct, frozen=True, kw_only=True, tag_field="record", tag="effects/1"):
    """One receipt. `number` is its own among those of one person."""

    number: int
    articles: Annotated[tuple[Article, ...], msgspec.Meta(min_length=1, max_length=ARTICLES_MOST)]
    ordered_by: Name = ""
    register_entry: Short = ""
    issued_by: Name = ""
