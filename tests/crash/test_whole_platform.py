"""The platform as people run it, killed while it trades: server, built-in market, database.

After each death `python -m app audit`, with nothing running, finds no fault, and the trades that
somebody was told of over REST are still there. A backup taken meanwhile is as good.
"""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.e2e.stage import ROOT, Platform, serving

KILLS = int(os.environ.get("AUTOTRADER_TEST_PLATFORM_KILLS", "6"))
TRADING_SECONDS = 20.0
HEADERS = {"Content-Type": "application/json"}


def asked(platform: Platform, path: str, token: str = "", body: object = None) -> Any:
    """Ask the platform something, as a program does."""
    data = None if body is None else json.dumps(body).encode()
    headers = HEADERS | ({"Authorization": f"Bearer {token}"} if token else {})
    request = Request(f"{platform.url}{path}", data, headers)  # noqa: S310  # our own
    with urlopen(request, timeout=20) as answer:  # noqa: S310
        return json.load(answer)


def typed(folder: Path, *words: str) -> str:
    """Run a command of the platform; it must do well."""
    variables = {key: it for key, it in os.environ.items() if not key.startswith("AUTOTRADER_")}
    url = f"sqlite+aiosqlite:///{folder}/trader.db"
    own = {"AUTOTRADER_DATA_DIR": f"{folder}/data", "AUTOTRADER_DATABASE_URL": url}
    result = subprocess.run(
        [sys.executable, "-m", "app", *words],
        cwd=ROOT,
        env=variables | own,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_platform_is_killed_again_and_again(tmp_path: Path) -> None:
    chance = random.Random(7)
    told: set[int] = set()
    ready = []
    with serving(tmp_path, AUTOTRADER_SIMULATOR_SPEED="20") as platform:
        session = asked(platform, "/api/register", body={})
        wallet, token = session["wallet_address"], session["token"]
        for number in range(KILLS):
            until = time.monotonic() + chance.uniform(0.5, 1.0) * TRADING_SECONDS
            while time.monotonic() < until:
                trades = asked(platform, f"/api/trades/{wallet}?limit=200", token)["items"]
                told |= {trade["id"] for trade in trades}
                time.sleep(0.2)
            if number == 1:
                typed(tmp_path, "backup", "--to", str(tmp_path / "meanwhile.db"))
            platform.kill()
            assert typed(tmp_path, "audit").endswith(" 0 faults\n")
            began = time.monotonic()
            platform.restart()
            ready.append(time.monotonic() - began)
        trades = asked(platform, f"/api/trades/{wallet}?limit=500", token)["items"]
    assert told <= {trade["id"] for trade in trades}
    assert told
    typed(tmp_path, "restore", str(tmp_path / "meanwhile.db"), "--data-dir", str(tmp_path / "new"))
    again = f"sqlite+aiosqlite:///{tmp_path}/new/autotrader.db"
    assert typed(tmp_path, "audit", "--database-url", again).endswith(" 0 faults\n")
    sys.stdout.write(
        f"{KILLS} kills, {len(told)} trades told of; ready after {max(ready):.1f} s at most\n"
    )
