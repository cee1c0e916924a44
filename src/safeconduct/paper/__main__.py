# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m safeconduct.paper LANGUAGE…`: one form as JSON on stdin, its PDF on stdout; exit code 3 when it cannot be set.

The typesetter keeps what it last set in memory, names included, for as long as its process lives. So a process that goes on
living lets this one do it, and nothing of it is left.
"""

import sys

import msgspec

from safeconduct.paper.content import Form
from safeconduct.paper.errors import PaperError
from safeconduct.paper.typesetting import pdf, prepare

REFUSED = 3


def main() -> int:
    """Nothing of the form is ever written to stderr."""
    form: Form = msgspec.json.decode(sys.stdin.buffer.read(), type=Form)
    try:
        sys.stdout.buffer.write(pdf(prepare(form, sys.argv[1:])))
    except PaperError:
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
