"""Chromium, the running directory and the judges' tools.

Playwright's loop and Django's database never meet: the directory runs in a process of its own.
"""

import os
import shutil
from dataclasses import dataclass, field
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
def directory(tmp_path_factory):
    """The running directory; tests read it and change nothing."""
    with site.serve(tmp_path_factory.mktemp("directory")) as running:
        yield running


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory):
    """A running directory of sixty invented partners; tests read it and change nothing."""
    with site.serve(tmp_path_factory.mktemp("demonstration"), seed=site.DEMONSTRATION) as running:
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


@pytest.fixture
def visit(chromium, directory, request):
    """A function that opens a page in a fresh browser context, with the options of one, and returns the Visit."""
    contexts = []

    def open_page(page: Page, **options) -> Visit:
        state = request.getfixturevalue("editor_state") if page.for_editors else None
        context = chromium.new_context(
            base_url=directory.address,
            storage_state=state,
            reduced_motion="reduce",
            ignore_https_errors=True,  # the certificate of a test is nobody's
            **options,
        )
        contexts.append(context)
        visit = Visit(context.new_page())
        visit.tab.on("response", lambda response: visit.responses.append(response))
        visit.tab.on("pageerror", lambda error: visit.complaints.append(str(error)))
        visit.tab.on(
            "console", lambda message: visit.complaints.append(message.text) if is_complaint(message) else None
        )
        visit.response = visit.tab.goto(page.address)
        return visit

    def is_complaint(message) -> bool:
        # Chromium also says there that a page's own status is 4xx, which is what some pages are for.
        own_status = message.text.startswith("Failed to load resource") and message.location["url"] == message.page.url
        return message.type in ("error", "warning") and not own_status

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def nu_errors():
    require(nu.missing())
    return nu.errors
