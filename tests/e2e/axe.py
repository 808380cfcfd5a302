"""What the accessibility checker axe says of a page, by WCAG 2.2 AA."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

SCRIPT = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
COLOURS = ("color-contrast", "link-in-text-block")
"""The rules that look at colours: a theme, the colours of `tokens.css`, changes nothing else."""
RUN = """async ([type, values]) => {
    const options = {runOnly: {type, values}, resultTypes: ["violations"]};
    const found = await axe.run(document, options);
    return found.violations.flatMap(({id, help, nodes}) =>
        nodes.map((node) => `${id}: ${help} at ${node.target.join(" ")} in ${node.html}`));
}"""
STILL = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("*, *::before, *::after { transition: none !important }");
    document.adoptedStyleSheets = [sheet];
}"""
"""Thousands of colours that fade one after the other cost more than all rules together."""
Theme = Literal["dark", "light"]


def complaints(page: Page) -> list[str]:
    """Run the checker on the page as it stands, without its animations."""
    return _run(page, "tag", TAGS)


def complaints_in_both_themes(page: Page) -> list[str]:
    """Run the checker in dark and what looks at colours in light too, as the system wishes it."""
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(STILL)
    _wear(page, "dark")
    found = [f"dark: {one}" for one in complaints(page)]
    _wear(page, "light")
    return found + [f"light: {one}" for one in _run(page, "rule", COLOURS)]


def _run(page: Page, kind: Literal["tag", "rule"], names: Sequence[str]) -> list[str]:
    """Run the rules of these tags or names; a document gets the checker once."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT.read_text())
    found: list[str] = page.evaluate(RUN, [kind, names])
    return found


def _wear(page: Page, theme: Theme) -> None:
    """Show a theme, and wait until its colours stand."""
    page.emulate_media(color_scheme=theme)
    page.wait_for_function("it => document.documentElement.dataset.theme === it", arg=theme)
    page.wait_for_function(
        "() => document.getAnimations().every((it) => it.playState !== 'running')"
    )
