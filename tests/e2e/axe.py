"""What the accessibility checker axe says of a page, by WCAG 2.2 AA."""

from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

SCRIPT = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async (tags) => {
    const found = await axe.run(document, {runOnly: {type: "tag", values: tags}});
    return found.violations.flatMap(({id, help, nodes}) =>
        nodes.map((node) => `${id}: ${help} at ${node.target.join(" ")} in ${node.html}`));
}"""
THEMES: tuple[Literal["dark", "light"], ...] = ("dark", "light")


def complaints(page: Page) -> list[str]:
    """Run the checker on the page as it stands, without its animations."""
    page.evaluate(SCRIPT.read_text())
    found: list[str] = page.evaluate(RUN, TAGS)
    return found


def complaints_in_both_themes(page: Page) -> list[str]:
    """Run the checker in dark and in light, as the system wishes it."""
    found = []
    page.emulate_media(reduced_motion="reduce")
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        page.wait_for_function("it => document.documentElement.dataset.theme === it", arg=theme)
        page.wait_for_function(
            "() => document.getAnimations().every((it) => it.playState !== 'running')"
        )
        found += [f"{theme}: {one}" for one in complaints(page)]
    return found
