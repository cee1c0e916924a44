# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether anybody away from a house would be told. Needs Django started; of either house."""

from collections.abc import Iterator
from pathlib import Path

from safeconduct.desk.alerts import settings as alert_settings
from safeconduct.desk.alerts import transports
from safeconduct.desk.alerts.errors import BadSettings


def reach(credentials: Path, *, demonstration: bool) -> Iterator[tuple[str, str]]:
    """Whether anybody away from the desk would be told. Addresses are secrets: a transport is named by its name."""
    try:
        said = alert_settings.read(credentials)
    except BadSettings as error:
        yield "alert messages go out", str(error)
        return
    names = ", ".join(one.name for one in said.transport)
    none = (
        ""
        if names or demonstration
        else "no transport is set up: write alerts.toml into the credentials (docs/install.md, Alerts)"
    )
    yield f"alert messages go out{f' by {names}' if names else ''}", none
    transports.prepare()
    for one in said.transport:
        if not transports.is_readable(one.url):
            yield (
                f"the alert transport {one.name}",
                "apprise does not know this kind of address; compare docs/install.md",
            )
