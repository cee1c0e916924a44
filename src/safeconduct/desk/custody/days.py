# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which day it is in custody. A wall clock that was set back makes no day earlier: the clock process remembers the latest it saw.

So nobody who arrives is turned away as "ahead of today", no duty stops being late, and what is entered stays in its order.
"""

from datetime import UTC, date, datetime

from django.utils import timezone

from safeconduct.desk.alerts import clock


def entered() -> date:
    """The day that something is entered on, in UTC as all that is stored."""
    return clock.latest(datetime.now(UTC)).date()


def here() -> date:
    """The same for whoever sits at the page: in Kyiv it is tomorrow before it is in UTC."""
    return timezone.localdate(clock.latest(datetime.now(UTC)))
