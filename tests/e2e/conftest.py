"""A real Chromium for every test in this folder, and the platform for those that ask for it.

The browser's scope is the package, not the session: Playwright keeps an event loop running for as
long as it lives, and no asyncio test after it in the same process could start its own.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.stage import Platform, Watched, serving
from tests.programs import missing
from toolchain.browser import find_chromium


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Launch the Chromium that is there; without one skip, but never in CI."""
    chromium = find_chromium()
    if chromium is None:
        missing("no Chromium: set CHROMIUM, or run `make setup` on Linux x86-64")
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


@pytest.fixture(scope="package")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Run one platform for all tests: whoever registers has nothing to do with the others.

    A module that kills or fills its platform brings one of its own.
    """
    with serving(tmp_path_factory.mktemp("platform")) as started:
        yield started


@pytest.fixture
def watched(page: Page, platform: Platform) -> Iterator[Watched]:
    """Look over the page's shoulder and complain at the end."""
    seen = Watched(platform.url)
    seen.watch(page)
    yield seen
    assert seen.complaints == []
    assert seen.strangers == []
