"""The engine against its model for as long as one likes: STEPS steps (a million), from SEED on."""

import logging
import os

import pytest
from hypothesis import given, seed, settings

from app.trading.fills import Costs
from tests.properties.audited import play_audited
from tests.properties.play import COSTS, PLAYS, Step

PLAYS_A_SEED = 1_000
log = logging.getLogger(__name__)


@pytest.mark.slow
@pytest.mark.timeout(7_200)
def test_a_million_steps_keep_the_promises_of_the_record() -> None:
    wanted = int(os.environ.get("STEPS", "1000000"))
    number, done = int(os.environ.get("SEED", "1")), 0

    @given(PLAYS, COSTS)
    @settings(max_examples=PLAYS_A_SEED, database=None, deadline=None)
    def played(steps: list[Step], costs: Costs) -> None:
        nonlocal done
        done += len(steps)
        play_audited(steps, costs)

    while done < wanted:
        log.info("SEED=%d, %d of %d steps", number, done, wanted)
        try:
            seed(number)(played)()
        except AssertionError as error:
            error.add_note(f"to play it again: SEED={number}")
            raise
        number += 1
    log.info("%d steps kept every promise", done)
