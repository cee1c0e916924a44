# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m safeconduct.paper LANGUAGE…`: one form, or many capture cards, as JSON on stdin, its PDF on stdout.

Exit code 3: it cannot be set. Then stdout has the place of the card that cannot, from 1 on, where it is known, and nothing of it.

The typesetter keeps what it last set in memory, names included, for as long as its process lives. So a process that goes on
living lets this one do it, and nothing of it is left.
"""

import re
import sys

import msgspec

from safeconduct.paper.content import CaptureCard, Form
from safeconduct.paper.errors import PaperError
from safeconduct.paper.typesetting import pdf, prepare

REFUSED = 3
_PLACE = re.compile(r"\bof card (\d+)")


def main() -> int:
    """Nothing of the form is ever written to stderr."""
    content: Form | list[CaptureCard] = msgspec.json.decode(sys.stdin.buffer.read(), type=Form | list[CaptureCard])
    try:
        sys.stdout.buffer.write(pdf(prepare(content, sys.argv[1:])))
    except PaperError as error:
        if found := _PLACE.search(str(error)):
            sys.stdout.write(found[1])
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
