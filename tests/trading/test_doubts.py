"""A replay that differs from its record is kept with the trade and told to its wallet alone."""

import json

from app.trading.doubts import TOLD_FIELDS
from app.trading.ids import WalletId
from app.trading.inputs import AuditFails, Refused, ReplayDiffers
from app.trading.ledger import EventRow, ReplayRow
from tests.trading.world import World


def doubt(world: World, wallet: int, fields: tuple[str, ...]) -> ReplayDiffers:
    return ReplayDiffers(
        at=world.now,
        wallet=WalletId(wallet),
        trade=7,
        mint="mint",
        symbol="COIN",
        fields=fields,
        differences="[]",
    )


def test_a_difference_is_kept_and_told() -> None:
    world = World()
    wallet = world.join()
    fields = tuple(f"fills/{place}/price" for place in range(TOLD_FIELDS + 5))
    assert world.do(doubt(world, wallet, fields)) == [None]
    row, told = world.only(ReplayRow), world.only(EventRow)
    assert (row.trade_id, row.wallet_id, row.status, row.differences) == (
        7,
        wallet,
        "different",
        "[]",
    )
    assert (told.wallet_id, told.trade_id, told.kind) == (wallet, 7, "ReplayDiffered")
    fact = json.loads(told.data)
    assert (fact["differences"], len(fact["fields"])) == (TOLD_FIELDS + 5, TOLD_FIELDS)


def test_an_unknown_wallet_is_refused() -> None:
    world = World()
    (answer,) = world.do(doubt(world, 5, ("pnl_sol",)))
    assert isinstance(answer, Refused)
    assert answer.slug == "unknown-wallet"
    assert not world.last


def test_a_record_that_does_not_add_up_is_told_to_everybody() -> None:
    world = World()
    fields = tuple(f"wallet/{place}" for place in range(TOLD_FIELDS + 5))
    wish = AuditFails(at=world.now, faults=40, fields=fields, chain_ok=False)
    assert world.do(wish) == [None]
    told = world.only(EventRow)
    assert (told.wallet_id, told.trade_id, told.kind) == (None, None, "AuditFailed")
    fact = json.loads(told.data)
    assert (fact["faults"], fact["fields"], fact["chain_ok"]) == (
        40,
        list(fields[:TOLD_FIELDS]),
        False,
    )
