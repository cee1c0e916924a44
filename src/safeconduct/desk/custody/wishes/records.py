# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of this room, and who reads each.

Wishes and decisions: the registrars, who act on them, and independent counsel, who stands by the person and would see that
somebody's wish changed under pressure. Not the Bureau, which writes to the home Power; not the camp, the doctors or the mail
office, who have no need of it (R43). What was said to counsel opens for counsel alone (R42).
"""

import msgspec

from safeconduct.desk.custody.sealed import CUSTODY, Page
from safeconduct.vocabulary.wishes import Decision, ForCounsel, Wish

COUNSEL = "counsel"
WISH = Page("wish", Wish, (CUSTODY, COUNSEL))
DRAFT = Page("return-draft", Decision, (CUSTODY, COUNSEL))
DECISION = Page("return", Decision, (CUSTODY, COUNSEL))
FOR_COUNSEL = Page("counsel", ForCounsel, (COUNSEL,))

_STEP = 2_048  # bytes; names and formalities fit, so that a kind never shows in a size


def filled(wish: Wish) -> Wish:
    """The same record, as long as every other: its words alone may make it longer, by whole steps."""
    bare = len(msgspec.json.encode(msgspec.structs.replace(wish, fill="")))
    return msgspec.structs.replace(wish, fill=" " * (-bare % _STEP))
