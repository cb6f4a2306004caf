"""Chromium, the running directory and the judges' tools.

Playwright's loop and Django's database never meet: the directory runs in a process of its own.
"""

import os
import shutil
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import Response, sync_playwright

from tests.browser import nu, site
from tests.browser.pages import Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",  # as root there is none
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass
class Visit:
    """What a browser saw: the tab, the page's own response, all responses and all complaints of the console."""

    tab: Tab
    response: Response | None = None
    responses: list[Response] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.tab.on("response", lambda response: self.responses.append(response))
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.tab.on("console", self._hear)

    def _hear(self, message):
        # Chromium also says there that a page's own status is 4xx, which is what some pages are for.
        own_status = message.text.startswith("Failed to load resource") and message.location["url"] == message.page.url
        if message.type in ("error", "warning") and not own_status:
            self.complaints.append(message.text)


def pytest_collection_modifyitems(items):
    """Mark every test of this folder, so that `-m "not browser"` leaves them all out."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def require(missing: list[str]) -> None:
    """Skip a test for want of tools that are no Python packages; on CI they must be there."""
    if missing:
        give_up = pytest.fail if os.environ.get("CI") else pytest.skip
        give_up(f"Install {' and '.join(missing)} to run the browser tests.")


@pytest.fixture(scope="session")
def chromium():
    require([] if CHROMIUM else ["Chromium"])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def serve(tmp_path_factory, worker_id):
    """`site.serve`, with what sites begin with made once for all processes of a run."""
    own = tmp_path_factory.getbasetemp()
    prepared = (own if worker_id == "master" else own.parent) / "prepared"
    prepared.mkdir(exist_ok=True)
    return partial(site.serve, prepared=prepared)


@pytest.fixture(scope="session")
def directory(serve, tmp_path_factory):
    """The running directory; tests read it and change nothing."""
    with serve(tmp_path_factory.mktemp("directory")) as running:
        yield running


@pytest.fixture(scope="session")
def demonstration(serve, tmp_path_factory):
    """A running directory of sixty invented partners; tests read it and change nothing."""
    with serve(tmp_path_factory.mktemp("demonstration"), seed=site.DEMONSTRATION) as running:
        yield running


def signed_in(chromium, directory):
    """Return the cookies of an editor who signs in at a running directory."""
    context = chromium.new_context(base_url=directory.address, ignore_https_errors=True)
    tab = context.new_page()
    tab.goto("/admin/login/?next=/admin/")
    tab.fill("[name=username]", directory.editor)
    tab.fill("[name=password]", directory.password)
    tab.click("[type=submit]")
    tab.wait_for_url("**/admin/")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(scope="session")
def editor_state(chromium, directory):
    """The cookies of an editor who has signed in."""
    return signed_in(chromium, directory)


@pytest.fixture(scope="module")
def fresh(chromium, directory, request):
    """A function that returns a Visit of nothing yet, in a browser context with some options; an editor's if asked."""

    def begin(for_editors: bool, **options) -> Visit:
        context = chromium.new_context(
            base_url=directory.address,
            storage_state=request.getfixturevalue("editor_state") if for_editors else None,
            reduced_motion="reduce",
            ignore_https_errors=True,  # the certificate of a test is nobody's
            **options,
        )
        return Visit(context.new_page())

    return begin


@pytest.fixture
def visit(fresh):
    """A function that opens a page in a fresh browser context, with the options of one, and returns the Visit."""
    visits = []

    def open_page(page: Page, **options) -> Visit:
        visit = fresh(page.for_editors, **options)
        visits.append(visit)
        visit.response = visit.tab.goto(page.address)
        return visit

    yield open_page
    for visit in visits:
        visit.tab.context.close()


@pytest.fixture(scope="module")
def look(fresh):
    """The same for who only looks: all tests of a module have one tab, which comes to each page as a desk by day."""
    visits = {}

    def open_page(page: Page, **options) -> Visit:
        key = page.for_editors, *options.items()
        if key not in visits:
            visits[key] = fresh(page.for_editors, **options)
        visit = visits[key]
        visit.tab.goto("about:blank")  # nothing more comes from the page before
        visit.tab.set_viewport_size({"width": 1280, "height": 720})
        visit.tab.emulate_media(color_scheme="light")
        visit.responses.clear()
        visit.complaints.clear()
        visit.response = visit.tab.goto(page.address)
        return visit

    yield open_page
    for visit in visits.values():
        visit.tab.context.close()


@pytest.fixture(scope="session")
def nu_errors():
    require(nu.missing())
    return nu.errors
