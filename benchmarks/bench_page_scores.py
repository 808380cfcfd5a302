"""What Lighthouse gives the login and the trading page, on a laptop and on a slow phone.

Lighthouse is no package of the dashboard's: `npm ci` in benchmarks/lighthouse fetches it, which
happens here when it is absent.
"""

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from benchmarks.browsing import lead, missing, sign_in
from benchmarks.crowded import Crowded
from benchmarks.result import Result
from benchmarks.servers import serving
from toolchain.browser import find_chromium
from toolchain.steps import BIN, environment

HOME = Path(__file__).parent / "lighthouse"
SECONDS = 180
RUNS = 3
WANTED = 95
POSITIONS = 10
RATE = 2
PAGES = {"login": "/login", "trading": "/"}
FORMS = ("mobile", "desktop")


@dataclass(frozen=True, slots=True)
class Score:
    """What Lighthouse said of a page."""

    page: str
    form: str
    version: str
    scores: dict[str, int]
    values: dict[str, float]
    faults: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Judge:
    """A browser that Lighthouse may drive, and the platform whose pages it judges."""

    port: int
    page: Page
    url: str

    def score(self, name: str, form: str) -> Score:
        """Let Lighthouse judge a page some times; the one whose performance is in the middle."""
        runs = sorted((self._run(name, form) for _ in range(RUNS)), key=_performance)
        return runs[len(runs) // 2]

    def _run(self, name: str, form: str) -> Score:
        """Let Lighthouse judge a page, the browser's cache empty."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("Network.clearBrowserCache")
        session.detach()
        words = [str(BIN / "node"), "score.mjs", str(self.port), self.url + PAGES[name], form]
        done = subprocess.run(  # noqa: S603  # our own script
            words,
            cwd=HOME,
            env=environment() | {"CI": "1"},
            stdout=subprocess.PIPE,
            timeout=SECONDS,
            check=True,
            text=True,
        )
        said = json.loads(done.stdout)
        if said["shown"] != self.url + PAGES[name]:
            message = f"{PAGES[name]} led to {said['shown']}"
            raise RuntimeError(message)
        kept = {part: said[part] for part in ("version", "scores", "values", "faults")}
        return Score(name, form, **kept)


def _performance(score: Score) -> int:
    return score.scores["performance"]


def installed() -> bool:
    """Fetch Lighthouse when it is absent; False when that fails."""
    if (HOME / "node_modules" / "lighthouse").is_dir():
        return True
    npm = shutil.which("npm", path=environment()["PATH"])
    if npm is None:
        return False
    words = [npm, "ci", "--ignore-scripts", "--silent"]
    done = subprocess.run(words, cwd=HOME, env=environment(), check=False)  # noqa: S603  # as above
    return done.returncode == 0


@contextmanager
def judging(url: str, *, signed_in: bool) -> Iterator[Judge]:
    """Run a browser of its own that listens on a port; somebody may be signed in."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with TemporaryDirectory() as profile, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=find_chromium(),
            args=[f"--remote-debugging-port={port}"],
        )
        page = context.pages[0]
        if signed_in:
            sign_in(page, url)
            page.goto("about:blank")
        yield Judge(port, page, url)
        context.close()


def measured() -> list[Score]:
    """Judge both pages in both forms; the trader of the one holds positions that move."""
    with TemporaryDirectory() as folder, serving(Crowded, folder) as server:
        url = f"http://127.0.0.1:{server.port}"
        with judging(url, signed_in=False) as judge:
            found = [judge.score("login", form) for form in FORMS]
        with judging(url, signed_in=True) as judge:
            lead(server.port, "hold", many=POSITIONS)
            lead(server.port, "play", rate=RATE)
            found += [judge.score("trading", form) for form in FORMS]
    return found


def rows(found: list[Score]) -> list[Result]:
    """Write the lowest of a page's scores: how much is wanted, against what there is."""
    return [
        Result(
            f"Lighthouse, {one.page} page, {one.form}: the lowest of its four scores",
            1,
            WANTED,
            min(one.scores.values()),
            1.0,
            "the score; ours is the least that is wanted",
            "points",
        )
        for one in found
    ]


def run() -> list[Result]:
    """Judge the pages."""
    if missing() or not installed():
        print(missing() or "Lighthouse could not be fetched", flush=True)
        return []
    return rows(measured())
