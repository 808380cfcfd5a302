"""A real Chromium for every test in this folder.

The scope is the package, not the session: Playwright keeps an event loop running for as long as it
lives, and no asyncio test after it in the same process could start its own.
"""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from toolchain.browser import find_chromium


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Launch the Chromium that is there; without one skip, but never in CI."""
    chromium = find_chromium()
    if chromium is None:
        verdict = pytest.fail if os.environ.get("CI") else pytest.skip
        verdict("no Chromium: set CHROMIUM, or run `make setup` on Linux x86-64")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page of its own context: no cookie and no storage of the test before."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()
