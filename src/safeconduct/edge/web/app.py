# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door on the web, put together."""

import logging
import time
import traceback
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from safeconduct.edge.credentials import EdgeCredentials
from safeconduct.edge.crew import Crew
from safeconduct.edge.errors import Refused
from safeconduct.edge.web.admission import Admission
from safeconduct.edge.web.answers import send_text
from safeconduct.edge.web.apply import Apply
from safeconduct.edge.web.door import Door, preferred_tag, require_reading, served_tag
from safeconduct.edge.web.inbox import Inbox
from safeconduct.edge.web.posts import Gone
from safeconduct.spool.contract import Spool
from safeconduct.spool.errors import SpoolFull, SpoolUnavailable

_log = logging.getLogger(__name__)


def make_app(
    spool: Spool,
    credentials: EdgeCredentials,
    *,
    clock: Callable[[], float] = time.time,
    demonstration: bool,
    admission: Admission | None = None,
) -> Starlette:
    """The public pages over one spool. With `demonstration` every complete language is served, under a banner (R12).

    Without `admission` nobody is asked to wait, however full it is.
    """
    here = Crew(credentials)  # without hands
    admission = admission or Admission(spool, asks=False)
    return app_of(
        Door(spool, credentials, clock=clock, demonstration=demonstration, seals=here.seal, admission=admission)
    )


def app_of(door: Door) -> Starlette:
    """The public pages of this door."""
    return Starlette(
        routes=[
            Route("/{lang}/apply", Apply(door)),
            Route("/{lang}/inbox", Inbox(door)),
            Route("/", FirstPage(door)),
            Route("/healthz", Health(door)),
            Route("/{lang}/how", FixedPage(door, "how")),
            Route("/{lang}/treatment", FixedPage(door, "treatment")),
            Route("/{lang}/check", FixedPage(door, "check")),
            Route("/{lang}/", FixedPage(door, "appeal")),
            Route("/{lang}", FixedPage(door, "appeal")),
            Route("/{rest:path}", Nowhere()),
        ],
        middleware=[Middleware(AtHand, door=door), Middleware(Boundary, door=door)],
    )


class FirstPage:
    """`/`: the languages, each in its own script. Sets nothing."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        require_reading(scope)
        pages = await self._door.pages()
        await pages.languages(preferred_tag(scope, pages)).send(scope, send)


class FixedPage:
    """A page that is the same for everyone, from memory."""

    def __init__(self, door: Door, name: str) -> None:
        self._door = door
        self._name = name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        pages = await self._door.pages()
        tag = served_tag(scope, pages)
        require_reading(scope)
        await pages.fixed(self._name, tag).send(scope, send)


class Health:
    """`/healthz`: 200 only when an application would be accepted durably."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        require_reading(scope)
        pages = await self._door.pages()
        if pages.served and pages.view.intake is not None and await self._door.accepts():
            await send_text(scope, send, 200, b"ok")
            return
        await send_text(scope, send, 503, b"not accepting")


class Nowhere:
    """Every other address."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        raise Refused("nowhere")


class AtHand:
    """Pages that are the same for everyone, before any routing: a flood of readers must cost next to nothing (T7)."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET":
            page = (await self._door.pages()).at_hand.get(scope["path"])
            if page is not None:
                await page.send(scope, send)
                return
        await self._app(scope, receive, send)


class Boundary:
    """The last word on every request: a refusal becomes its page, an error of ours a page that tells nothing.

    Of an error only its kind and place are logged: its text may hold what a person wrote.
    """

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def watched(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Refused as refused:
            await self._tell(refused, scope, send)
        except (SpoolFull, SpoolUnavailable):
            await self._tell(Refused("full"), scope, send)
        except Gone:
            return
        except Exception as error:  # noqa: BLE001 - the outermost loop of the web door
            _log.error("%s at %s", type(error).__name__, _place(error))
            if not has_begun:
                await self._tell(Refused("ours"), scope, send)

    async def _tell(self, refused: Refused, scope: Scope, send: Send) -> None:
        pages = await self._door.pages()
        page = pages.trouble(refused.trouble, preferred_tag(scope, pages))
        extra = ((b"allow", refused.allow.encode()),) if refused.allow else ()
        await page.send(scope, send, extra=extra)


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"
