"""Judges large requests in a process of its own: `python -m app.api.checker <parent>`."""

from functools import partial

from app import strategies
from app.api.checking import CHECKS, check
from app.research.jobs import Checked, Faulty
from app.research.loading import Sources
from app.research.results import Tell
from app.research.worker import main


def work(kind: str, body: bytes, sources: Sources, tell: Tell) -> Checked | Faulty:
    """Judge a request in a process of its own."""
    tell(0.0)
    return check(kind, body, sources, strategies.load())


if __name__ == "__main__":
    main({kind: partial(work, kind) for kind in CHECKS})
