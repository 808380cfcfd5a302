"""A history played step by step, its record held to its promises after each."""

from collections.abc import Sequence

from app.trading.fills import Costs
from tests.properties.audit import Audit
from tests.properties.play import Play, Step


def play_audited(steps: Sequence[Step], costs: Costs) -> None:
    """Play a history; fails at the first step after which the record breaks a promise."""
    play, audit = Play(costs), Audit()
    audit.take(play.rows)
    for step in steps:
        seen = len(play.rows)
        play.apply(step)
        audit.take(play.rows[seen:])
        audit.check(play.engine.state)
