"""Reports in a real browser: nothing leaves, nothing runs, and hostile names are text."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from app.research.report import backtest_report
from app.research.sweep_report import sweep_report
from tests.research.played import result
from tests.research.test_runs_report import ABOUT, HOSTILE, grid, swept

ROWS = grid([5, 10, 20], [0.05, 0.1])
PAGES = {
    "backtest": backtest_report(ABOUT, result(3)),
    "sweep": sweep_report(ABOUT, swept(ROWS), ROWS),
}


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_a_report_opens_by_itself(page: Page, tmp_path: Path, kind: str, scheme: str) -> None:
    asked: list[str] = []
    problems: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: problems.append(dialog.message))
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    file = tmp_path / "report.html"
    file.write_text(PAGES[kind])
    page.goto(file.as_uri())
    assert page.inner_text("h1") == HOSTILE
    assert page.locator("script, img").count() == 0
    assert page.locator("svg").count() == (2 if kind == "backtest" else 1)
    back = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert back == ("rgb(16, 22, 29)" if scheme == "dark" else "rgb(255, 255, 255)")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 360, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert asked == [file.as_uri()]
    assert problems == []
