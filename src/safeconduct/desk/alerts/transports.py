# SPDX-License-Identifier: AGPL-3.0-or-later
"""The only place of the desk that speaks to the outside: apprise for messages, one GET for the heartbeat.

The clock's process alone imports it. No redirect is followed unless an address says `redirect=yes` itself: a server that
was taken over could otherwise make this machine ask its own network. Nothing is kept on disk, and nothing is logged.
"""

import logging
import warnings

import httpx2
from apprise import Apprise, AppriseAsset
from apprise.manager_plugins import NotificationManager

SECONDS = 10.0
_ASSET = AppriseAsset(
    app_id="desk",
    app_desc="desk",
    app_url="",
    image_url_mask="",
    image_url_logo="",
    http_redirects=False,
    async_mode=False,
    secure_logging=True,
)


def prepare() -> None:
    """Load apprise's services, and let no line of these libraries reach a log: they name hosts, and some whole addresses."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # one of its services imports what Python 3.13 drops
        NotificationManager().load_modules()  # type: ignore[no-untyped-call]  # apprise has not typed its inside
    for name in ("apprise", "httpx2", "httpcore2", "urllib3", "requests"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [logging.NullHandler()], False


def notify(address: str, title: str, body: str) -> bool:
    """Whether the service took the message. False for an address that apprise cannot read."""
    service = Apprise(asset=_ASSET)
    return service.add(address) and bool(service.notify(title=title, body=body))


def is_readable(address: str) -> bool:
    """Whether apprise knows what to do with it."""
    return Apprise(asset=_ASSET).add(address)


def ping(address: str) -> bool:
    """Whether it was answered with success. The answer itself is not read."""
    with (
        httpx2.Client(timeout=SECONDS, follow_redirects=False, headers={"User-Agent": "desk"}) as client,
        client.stream("GET", address) as answer,
    ):
        return answer.is_success
