# SPDX-License-Identifier: AGPL-3.0-or-later
"""What libraries log about other people's requests, without other people's words: where in the code, and which kind of error."""

import logging
from collections.abc import Iterable


def quiet(names: Iterable[str]) -> None:
    """Let nothing through these loggers but that something happened, and where.

    A logger's filter does not hold for those below it, so each is named in full. The same again changes nothing.
    """
    for name in names:
        logging.getLogger(name).addFilter(_kind_only)


def _kind_only(record: logging.LogRecord) -> bool:
    kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
    record.msg, record.args = f"{record.module}:{record.lineno} {kind}".rstrip(), ()
    record.exc_info, record.exc_text, record.stack_info = None, None, None
    return True
