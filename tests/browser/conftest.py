"""A real Chromium against the live server. Every page a journey opens is watched: no request leaves the host, no error in the console."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit

import pytest

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
ARGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE_MS = 20_000
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


def _chromium() -> str | None:
    named = (
        os.environ.get("CHROMIUM", ""),
        "/usr/bin/chromium",
        shutil.which("chromium"),
        shutil.which("google-chrome"),
    )
    return next((path for path in named if path and Path(path).exists()), None)


@pytest.fixture(scope="session")
def chromium():
    """One browser a test process."""
    found = _chromium()
    if found is None:
        pytest.skip("no Chromium on this machine (looked for $CHROMIUM, /usr/bin/chromium, chromium, google-chrome)")
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=list(ARGS))
        yield browser
        browser.close()


class Watch:
    """What went wrong behind the pages' backs; a journey names the refusals that it provokes (`expects`)."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.expected: set[int] = set()
        self.faults: list[str] = []

    def expects(self, *statuses: int) -> None:
        self.expected |= set(statuses)

    def over(self, page) -> None:
        page.on("console", lambda message: self._console(page, message))
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: script error: {error}"))
        page.on("request", lambda request: self._request(page, request))

    def _console(self, page, message) -> None:
        if message.type != "error" or any(f"status of {status} " in message.text for status in self.expected):
            return
        self.faults.append(f"{page.url}: console: {message.text}")

    def _request(self, page, request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.netloc != self.host:
            self.faults.append(f"{page.url}: asks another host: {request.url}")


@pytest.fixture
def watch(live_server) -> Watch:
    return Watch(urlsplit(live_server.url).netloc)


@pytest.fixture
def visit(chromium, live_server, watch, request) -> Iterator[Callable]:
    """`visit("cadre", PHONE)` → a page of a fresh browser, signed in as that member of the cast (None: nobody); `js=False` without scripts.

    The session is made on the server: signing in by the form is a journey of its own.
    """
    contexts = []

    def enter(name: str | None = None, size: dict = DESK, js: bool = True):
        context = chromium.new_context(
            viewport=size, java_script_enabled=js, base_url=live_server.url, locale="zh-CN", accept_downloads=True
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        if name:
            client = request.getfixturevalue("client").__class__()
            client.force_login(getattr(request.getfixturevalue("cast"), name), backend="accounts.backends.LoginBackend")
            context.add_cookies(
                [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
            )
        page = context.new_page()
        watch.over(page)
        return page

    yield enter
    for context in contexts:
        context.close()
    assert watch.faults == []


@pytest.fixture
def worker(live_server) -> Iterator[None]:
    """The background worker: runs what is queued, in a thread, as the demo does."""
    from django.db import connections

    from core import jobs

    stop = Event()

    def work() -> None:
        while not stop.wait(0.1):
            for job_id in jobs.reap(nudge=False):
                jobs.run(job_id)
        connections.close_all()

    thread = Thread(target=work, daemon=True)
    thread.start()
    yield
    stop.set()
    thread.join(20)
    assert not thread.is_alive()


def overflows(page) -> bool:
    """True when the page can be pushed sideways."""
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
