# SPDX-License-Identifier: AGPL-3.0-or-later
"""The journey in headless Chromium, scripts off and on: what it asks for, what it leaves behind, who can use it."""

import asyncio
import json
import re
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, expect, sync_playwright
from tests.edge.conftest import Clock, Line, make_line
from tests.stored import stored_under

from safeconduct.dialogue.texts import AVAILABLE, texts
from safeconduct.edge.serve import server_config
from safeconduct.spool.contract import Quota
from safeconduct.spool.sqlite import SqliteSpool

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "chromium"
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
AXE = Path(__file__).parent / "axe" / "node_modules" / "axe-core" / "axe.min.js"
SPOKEN = [tag for tag in AVAILABLE if texts(tag).is_complete]
WORDS = "planted words 7319"
NARROW = 320


@dataclass
class Served:
    """A door that listens, in a loop and thread of its own."""

    address: str
    line: Line
    loop: asyncio.AbstractEventLoop

    def reply(self, text: str) -> None:
        """The desk answers the newest application."""
        asyncio.run_coroutine_threadsafe(self._reply(text), self.loop).result(10)

    async def _reply(self, text: str) -> None:
        applications = [(e, r) for e, r in await self.line.arrived() if hasattr(r, "mailbox")]
        await self.line.answer(*applications[-1], text)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    ready: list[Served] = []
    opened, server = threading.Event(), threading.Event()
    servers: list[uvicorn.Server] = []

    async def run() -> None:
        clock = Clock()
        spool = await SqliteSpool.open(folder / "spool.db", quota=Quota(1 << 28), clock=clock)
        line = await make_line(spool, clock, folder)
        await line.publish_teams()
        await line.publish_line()
        with socket.create_server(("127.0.0.1", 0)) as listening:
            address = f"http://127.0.0.1:{listening.getsockname()[1]}"
            ready.append(Served(address, line, asyncio.get_running_loop()))
            servers.append(uvicorn.Server(server_config(line.app())))
            opened.set()
            await servers[0].serve(sockets=[listening])
        await spool.close()
        server.set()

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    assert opened.wait(30)
    yield ready[0]
    servers[0].should_exit = True
    thread.join(30)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


def follow(page: Page, selector: str) -> None:
    """Click what leads to another page, and wait for it: what is asked at once might still be answered by the first."""
    with page.expect_navigation():
        page.click(selector)


def walk(page: Page, served: Served, tag: str) -> Iterator[str]:
    """The whole journey with mouse and keyboard; yields at every page that is shown."""
    page.goto(served.address)
    yield "languages"
    follow(page, f"a[hreflang='{tag}']")
    yield "appeal"
    for name in ("how", "treatment", "check"):
        follow(page, f"nav a[href='/{tag}/{name}']")
        yield name
    follow(page, f"nav a[href='/{tag}/apply']")
    yield "form"
    follow(page, "main button")
    yield "misunderstood"
    page.check("#type-unit")
    page.check("#stage-front")
    page.fill("#head_count", "6")
    page.fill("#text", WORDS)
    yield "filled in"
    follow(page, "main button")
    yield "review"
    follow(page, "main button")
    yield "receipt"
    digits = "".join(page.inner_text("#receipt").split())
    page.fill("#last_group", "0")
    follow(page, "main button")
    yield "retry"
    page.fill("#last_group", digits[-4:])
    follow(page, "main button")
    yield "noted"
    served.reply("an answer")
    follow(page, f"nav a[href='/{tag}/inbox']")
    page.fill("#receipt", digits)
    yield "inbox door"
    follow(page, "main button")
    assert page.inner_text(".said") == "an answer"
    page.fill("#text", WORDS)
    follow(page, "#write ~ form button")
    yield "inbox"
    follow(page, "button.quiet")
    yield "erase"
    follow(page, "button.danger")
    yield "erased"
    page.goto(f"{served.address}/{tag}/inbox")
    page.fill("#receipt", digits)
    follow(page, "main button")
    assert page.get_attribute("#receipt", "aria-invalid") == "true"


def context_for(browser: Browser, *, script: bool, **options: object) -> BrowserContext:
    return browser.new_context(java_script_enabled=script, viewport={"width": NARROW, "height": 640}, **options)  # type: ignore[arg-type]  # playwright's many options


@pytest.mark.rule("R10", "T2")
@pytest.mark.parametrize("script", [False, True], ids=["without scripts", "with scripts"])
@pytest.mark.parametrize("tag", SPOKEN)
def test_the_journey_works_and_asks_for_nothing_but_its_pages(
    browser: Browser, served: Served, tag: str, script: bool  # noqa: FBT001 - a parameter of the test
) -> None:  # fmt: skip
    context = context_for(browser, script=script, locale=tag)
    page, asked = context.new_page(), list[str]()
    page.on("request", lambda request: asked.append(f"{request.resource_type} {request.url}"))
    for name in walk(page, served, tag):
        expect(page).to_have_title(re.compile(r"\S"))  # waited for: after a click the next page is still on its way
        if script:
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= NARROW, (name, width)
            assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert all(request.startswith((f"document {served.address}/", "document data:")) for request in asked)
    assert context.cookies() == []
    assert context.storage_state()["origins"] == []
    context.close()


def secrets_left(profile: Path, digits: str, *, except_in: str = "-") -> list[tuple[str, str]]:
    """Where a closed browser's folder still holds what was read or written."""
    secrets = [WORDS, digits, digits.replace(" ", ""), "You can lay down your weapon", "an answer", "Erase everything"]
    kept = {path.relative_to(profile): content for path, content in stored_under(profile).items()}
    assert kept
    return [
        (str(name), secret)
        for name, data in kept.items()
        for secret in secrets
        for coding in ("utf-8", "utf-16-le")
        if secret.encode(coding) in data and except_in not in name.parts
    ]


def digits_of(journey: Iterator[str], page: Page) -> str:
    """Walk to the end; the code that was shown on the way."""
    return "".join([page.inner_text("#receipt") for name in journey if name == "receipt"])


@pytest.mark.rule("T1")
def test_a_private_window_leaves_nothing_at_all(playwright: Playwright, served: Served) -> None:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    command = browser.new_browser_cdp_session().send("SystemInfo.getInfo")["commandLine"]
    profile = Path(command.split("--user-data-dir=")[1].split(" --")[0].strip('"'))
    context = browser.new_context()  # off the record, as a private window is
    page = context.new_page()
    digits = digits_of(walk(page, served, "en"), page)
    context.close()
    assert secrets_left(profile, digits) == []
    browser.close()


@pytest.mark.rule("T1")
def test_an_ordinary_window_leaves_no_page_in_cache_or_history(
    playwright: Playwright, served: Served, tmp_path: Path
) -> None:
    context = playwright.chromium.launch_persistent_context(str(tmp_path), executable_path=CHROMIUM, args=FLAGS)
    page = context.new_page()
    digits = digits_of(walk(page, served, "en"), page)
    context.close()
    # What was posted stays in "Sessions", to be sent again after a crash. No page can prevent that: hence the advice
    # to open a private window, before anything is asked.
    assert secrets_left(tmp_path, digits, except_in="Sessions") == []


@pytest.mark.rule("T1")
def test_going_back_after_leaving_shows_no_receipt(browser: Browser, served: Served) -> None:
    context = context_for(browser, script=True)
    page = context.new_page()
    for name in walk(page, served, "en"):
        if name == "receipt":
            break
    page.goto("data:text/html,elsewhere")
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        page.go_back()
    assert page.locator("#receipt").count() == 0
    context.close()


@pytest.mark.rule("R10")
def test_the_keyboard_reaches_the_quick_exit_first(browser: Browser, served: Served) -> None:
    context = context_for(browser, script=True)
    page = context.new_page()
    for path in ("/", "/en/", "/ar/apply", "/en/inbox"):
        page.goto(served.address + path)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "leave"
    context.close()


@pytest.mark.parametrize(("tag", "scheme"), [*((tag, "light") for tag in SPOKEN), ("en", "dark")])
def test_axe_finds_nothing_on_any_page(browser: Browser, served: Served, tag: str, scheme: str) -> None:
    context = context_for(browser, script=True, locale=tag, color_scheme=scheme, bypass_csp=True)
    page, source = context.new_page(), AXE.read_text(encoding="utf-8")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    for name in walk(page, served, tag):
        page.evaluate(source)
        found = page.evaluate(f"axe.run({{runOnly: {json.dumps(tags)}}})")["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == [], name
    context.close()
