# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a provider posts to: one address, `/<channel>`, behind the line's own proxy. It logs nobody and nothing."""

import asyncio
import signal
from collections.abc import Mapping

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from safeconduct.edge.channels.contract import WebhookRequest
from safeconduct.edge.chat.strangers import HEAD_MAX, Bodies, Stranger
from safeconduct.edge.chat.worker import Worker
from safeconduct.edge.errors import SettingsRefused

HOST = "SAFECONDUCT_CHANNEL_HOST"
PORT = "SAFECONDUCT_CHANNEL_PORT"
_PORT_MAX = 65_535
_GRACE_SECONDS = 10


async def serve(environment: Mapping[str, str], worker: Worker, code: str) -> None:
    """Run the worker, and its door when a port is set, until SIGINT or SIGTERM. Raises `SettingsRefused`."""
    port = _port(environment)
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for wish in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wish, stop.set)
    tasks = [asyncio.create_task(worker.run()), asyncio.create_task(stop.wait())]
    server = None if port is None else _server(environment.get(HOST) or "127.0.0.1", port, worker, code)
    if server is not None:
        tasks.append(asyncio.create_task(server.serve()))
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    if server is not None:
        server.should_exit = True
        await tasks.pop()
    for task in tasks:
        task.cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome


def application(worker: Worker, code: str) -> Starlette:
    """`/<code>` takes posts (and the provider's own questions by GET); `/healthz` says whether this process owns the channel."""
    bodies = Bodies()

    async def posted(request: Request) -> Response:
        body = await bodies.read(request)
        if isinstance(body, int):
            return Response(status_code=body, headers={"connection": "close"})
        headers = {name.lower(): value for name, value in request.headers.items()}
        answer = await worker.posted(WebhookRequest(request.method, headers, dict(request.query_params), body))
        return Response(answer.body, answer.status, dict(answer.headers))

    async def health(_request: Request) -> Response:
        return Response("ok" if worker.owns else "waiting", 200 if worker.owns else 503)

    return Starlette(routes=[Route(f"/{code}", posted, methods=["GET", "POST"]), Route("/healthz", health)])


def _server(host: str, port: int, worker: Worker, code: str) -> uvicorn.Server:
    config = uvicorn.Config(
        application(worker, code), host=host, port=port, http=Stranger, h11_max_incomplete_event_size=HEAD_MAX,
        ws="none", lifespan="off", proxy_headers=False, server_header=False, access_log=False, log_config=None,
        log_level="warning", timeout_graceful_shutdown=_GRACE_SECONDS,
    )  # fmt: skip
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined] # the worker's loop has them
    return server


def _port(environment: Mapping[str, str]) -> int | None:
    text = environment.get(PORT)
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _PORT_MAX):
        raise SettingsRefused(f"{PORT} must be a whole number from 1 to {_PORT_MAX}")
    return int(text)
