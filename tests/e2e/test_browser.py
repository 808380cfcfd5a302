from playwright.sync_api import Page

DOCUMENT = (
    "data:text/html,<h1>closed</h1><script>document.querySelector('h1').innerText='open'</script>"
)


def test_the_browser_renders_and_runs_scripts(page: Page) -> None:
    page.goto(DOCUMENT)
    assert page.inner_text("h1") == "open"
    assert page.screenshot().startswith(b"\x89PNG")


def test_each_page_starts_without_the_history_of_another(page: Page) -> None:
    assert page.url == "about:blank"
    assert page.context.cookies() == []
