"""Which Chromium the browser tests drive."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from toolchain.steps import BIN, FRONTEND, TOOLS, run

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
UNPACKED = TOOLS / "chromium" / "chromium"
UNPACK = "import('@sparticuz/chromium').then((it) => it.default.executablePath())"


def unpack() -> Path | None:
    """Unpack the Chromium among the dashboard's packages (Linux x86-64); None when it is absent."""
    if not UNPACKED.exists() and (FRONTEND / "node_modules" / "@sparticuz").is_dir():
        UNPACKED.parent.mkdir(parents=True, exist_ok=True)
        run(BIN / "node", "-e", UNPACK, cwd=FRONTEND, TMPDIR=str(UNPACKED.parent))
    return UNPACKED if UNPACKED.exists() else None


def find_chromium() -> Path | None:
    """Return $CHROMIUM, else the system's, else the one among the packages, else None."""
    named = os.environ.get("CHROMIUM")
    if named:
        return Path(named)
    installed = next(filter(None, map(shutil.which, NAMES)), None)
    return Path(installed) if installed else unpack()
