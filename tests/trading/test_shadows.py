"""Shadows: made, changed, adopted, retired; and nobody's results but their own."""

import pytest
from solders.pubkey import Pubkey

from app.trading.accounts import NO_PROFILE, take_in
from app.trading.ids import WalletId, is_address, shadow_address
from app.trading.inputs import (
    AdoptShadow,
    Answer,
    ChangeSettings,
    EditShadow,
    Input,
    Pause,
    Refused,
    Register,
    Resume,
    RetireShadow,
    Written,
)
from app.trading.ledger import (
    BalanceRow,
    DecisionRow,
    EvaluationRow,
    EventRow,
    SettingsRow,
    ShadowRow,
    SignalUpdate,
    SnapshotRow,
    TradeRow,
    WalletRow,
)
from app.trading.plans import Entry, ExitPlan, Limits, Sizing
from app.trading.shadows import MOST_BALANCE, MOST_SHADOWS
from tests.trading.world import DAY, HOLD, MINUTE, SOL, START, World, address, coin, wish
from tests.trading.world import written_for as written

TIGHT = wish(exit_plan=HOLD.model_copy(update={"stop_loss": 0.05}))
LOOSE = wish(exit_plan=HOLD.model_copy(update={"stop_loss": 0.5}))
UNKNOWN = wish(Entry(strategy="nobody"))


def slug(answer: Answer) -> str:
    assert isinstance(answer, Refused)
    return answer.slug


def asked(owner: int | None, lamports: int | None = None, *settings: Written) -> Register:
    who = None if owner is None else WalletId(owner)
    return Register(at=START, kind="shadow", lamports=lamports, owner=who, settings=settings)


def settings_of(world: World, wallet: int) -> list[tuple[str, int, str | None]]:
    rows = [row for row in world.new(SettingsRow) if row.wallet_id == wallet]
    return [(row.symbol, row.version, row.resolved) for row in rows]


def stops(world: World, symbol: str) -> dict[int, float]:
    """Let everybody buy a new token; tell where each has its stop."""
    token = coin(len(world.engine.state.tokens) + 1, symbol)
    return {row.wallet_id: row.stop_loss_price for row in world.buy(world.signal(token))}


# joining


def test_a_shadow_begins_level_with_its_owner() -> None:
    world = World()
    owner, token = world.join(), world.signal(coin(1))
    world.buy(token)
    world.price(token, 2.0)
    worth = 10 * SOL + 200_000_000
    shadow = world.shadow(owner, TIGHT)
    row = world.only(WalletRow)
    assert (row.id, row.kind, row.owner_id, row.name) == (shadow, "shadow", owner, "a shadow")
    assert (row.initial_sol_balance, row.sol_balance, row.owner_value) == (worth, worth, worth)
    assert world.only(SnapshotRow)[0] == shadow
    assert settings_of(world, shadow) == [("*", 1, TIGHT.canonical())]
    told = [(row.wallet_id, row.kind) for row in world.new(EventRow)]
    assert told == [(shadow, "WalletRegistered"), (shadow, "SettingsChanged")]
    assert world.new(BalanceRow) == []


def test_a_shadow_may_begin_with_another_balance() -> None:
    world = World()
    owner = world.join()
    shadow = world.shadow(owner, lamports=3 * SOL)
    row = world.only(WalletRow)
    assert (row.initial_sol_balance, row.owner_value) == (3 * SOL, 10 * SOL)
    assert world.cash(shadow) == 3 * SOL
    assert world.new(SettingsRow) == []


def test_an_address_is_derived_and_nobody_can_sign_for_it() -> None:
    found = {shadow_address(address(owner), number) for owner in (1, 2) for number in range(1, 30)}
    assert len(found) == 58
    assert all(is_address(one) and not Pubkey.from_string(one).is_on_curve() for one in found)
    world = World()
    for owner in (world.join(), world.join()):
        for number in (1, 2):
            world.shadow(owner)
            assert world.only(WalletRow).wallet_address == shadow_address(address(owner), number)


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (asked(None), "unknown-wallet"),
        (asked(0), "unknown-wallet"),
        (asked(9), "unknown-wallet"),
        (asked(2), "shadow-of-shadow"),
        (asked(1, -1), "invalid-balance"),
        (asked(1, MOST_BALANCE + 1), "invalid-balance"),
        (asked(1, None, written("*", UNKNOWN)), "invalid-settings"),
        (Register(at=START, wallet_address=address(7), kind="paper", lamports=None),
         "invalid-balance"),
    ],
)  # fmt: skip
def test_what_cannot_join(wish: Register, why: str) -> None:
    world = World()
    world.shadow(world.join())
    assert slug(world.do(wish)[0]) == why
    assert world.last == []


def test_a_shadow_of_the_rich_may_be_as_rich() -> None:
    world = World()
    owner = world.join(5_000)
    assert world.cash(world.shadow(owner)) == 5_000 * SOL
    assert world.cash(world.shadow(owner, lamports=5_000 * SOL)) == 5_000 * SOL
    assert slug(world.do(asked(owner, 5_000 * SOL + 1))[0]) == "invalid-balance"


def test_there_is_room_for_twenty() -> None:
    world = World()
    owner, other = world.join(), world.join()
    shadows = [world.shadow(owner) for _ in range(MOST_SHADOWS)]
    assert slug(world.do(asked(owner))[0]) == "too-many-shadows"
    assert world.last == []
    world.shadow(other)
    world.do(RetireShadow(at=world.now, shadow=shadows[3]))
    world.shadow(owner)
    assert world.only(WalletRow).wallet_address == shadow_address(address(owner), 21)
    assert slug(world.do(asked(owner))[0]) == "too-many-shadows"


# trading


def test_a_shadow_trades_the_same_stream_by_its_own_settings() -> None:
    world = World(wish(exit_plan=HOLD))
    owner = world.join()
    shadow, token = world.shadow(owner, TIGHT), world.signal(coin(1))
    trades = world.buy(token)
    found = {row.wallet_id: (row.stop_loss_price, row.sol_invested) for row in trades}
    assert found == {owner: (0.85, 200_000_000), shadow: (0.95, 200_000_000)}
    assert [fill.wallet_id for fill in world.price(token, 0.94)] == [shadow]
    assert [fill.wallet_id for fill in world.price(token, 0.84)] == [owner]


def test_a_shadow_is_paused_like_any_wallet() -> None:
    world = World()
    owner = world.join()
    shadow = world.shadow(owner)
    world.do(Pause(at=world.now, wallet=shadow))
    assert [row.wallet_id for row in world.buy(world.signal(coin(1)))] == [owner]
    world.do(Resume(at=world.now, wallet=shadow))
    assert [row.wallet_id for row in world.buy(world.signal(coin(2)))] == [owner, shadow]


def test_what_only_shadows_did_is_told_to_nobody_else() -> None:
    world = World(window=2)
    owner, other = world.join(), world.join()
    shadow = world.shadow(owner)
    for wallet in (owner, other):
        world.do(Pause(at=world.now, wallet=wallet))
    token = world.signal(coin(1))
    world.candle(token, loud=True)
    evaluation = world.only(EvaluationRow)
    assert (evaluation.verdict, evaluation.profile) == (
        "refused",
        world.engine.state.wishes.keys[0],
    )
    verdicts = {row.wallet_id: row.verdict for row in world.new(DecisionRow)}
    assert verdicts == {owner: "refused", other: "refused", shadow: "taken"}
    world.candle(token)
    assert world.only(SignalUpdate).status == "Failed"
    assert [end.reason for end in world.engine.state.ended] == ["not_confirmed"]


def test_an_evaluation_of_shadows_alone_names_no_wishes() -> None:
    world = World()
    owner = world.join()
    world.wants(owner, wish("rising"))
    shadow, token = world.shadow(owner), world.signal(coin(1))
    assert [row.wallet_id for row in world.buy(token)] == [shadow]
    assert (world.only(EvaluationRow).verdict, world.only(EvaluationRow).profile) == ("taken", -1)


# changing


def test_a_shadow_is_changed_all_at_once() -> None:
    world = World()
    owner = world.join()
    shadow = world.shadow(owner, TIGHT)
    kept, named = written("*", TIGHT), written("BONK", LOOSE)
    world.do(EditShadow(at=world.now, shadow=shadow, settings=[kept, named], name="wide"))
    assert settings_of(world, shadow) == [("BONK", 1, LOOSE.canonical())]
    assert world.new(ShadowRow) == [ShadowRow(shadow, "wide", None)]
    assert world.new(BalanceRow) == []
    world.do(EditShadow(at=world.now, shadow=shadow, settings=[named], paused=True, name="wide"))
    assert settings_of(world, shadow) == [("*", 2, None)]
    assert world.new(ShadowRow) == []
    assert world.only(BalanceRow).paused
    world.do(EditShadow(at=world.now, shadow=shadow, paused=False))
    assert not world.only(BalanceRow).paused
    assert settings_of(world, shadow) == []
    world.do(EditShadow(at=world.now, shadow=shadow))
    assert world.last == []


def test_settings_of_a_shadow_change_like_any_wallets() -> None:
    world = World()
    shadow = world.shadow(world.join(), TIGHT)
    assert world.wants(shadow, LOOSE) == 2
    assert world.wants(shadow, TIGHT, "BONK") == 1
    assert world.wants(shadow, None, "BONK") == 2
    held = world.engine.state.shadows[shadow].written
    assert {symbol: one.profile for symbol, one in held.items()} == {"*": LOOSE}


def wishes_for(number: int) -> list[Input]:
    shadow = WalletId(number)
    return [
        EditShadow(at=START, shadow=shadow, name="new"),
        RetireShadow(at=START, shadow=shadow),
        AdoptShadow(at=START, shadow=shadow),
    ]


@pytest.mark.parametrize("number", [-1, 0, 1, 9, 2**40])
def test_only_a_shadow_can_be_changed_as_one(number: int) -> None:
    world = World()
    world.shadow(world.join())
    for one in wishes_for(number):
        assert slug(world.do(one)[0]) == "no-shadow"
        assert world.last == []


def test_settings_that_mean_nothing_change_nothing() -> None:
    world = World()
    shadow = world.shadow(world.join())
    settings = [written("*", TIGHT), written("BONK", UNKNOWN)]
    wish = EditShadow(at=START, shadow=shadow, name="new", settings=settings)
    assert slug(world.do(wish)[0]) == "invalid-settings"
    assert world.last == []


# retiring


def test_a_retired_shadow_goes_on_to_its_exits_and_enters_nothing() -> None:
    world = World(wish(exit_plan=HOLD))
    owner = world.join()
    shadow, token = world.shadow(owner, TIGHT), world.signal(coin(1, "BONK"))
    world.wants(shadow, TIGHT, "WIF")
    world.buy(token)
    world.do(RetireShadow(at=world.now, shadow=shadow))
    assert world.last == [ShadowRow(shadow, "a shadow", world.now)]
    state = world.engine.state
    assert state.wallets.profile[shadow] == NO_PROFILE
    assert (dict(+state.wishes.counts), state.wishes.symbols()) == ({0: 1}, [])
    assert [fill.wallet_id for fill in world.price(token, 0.94)] == [shadow]
    assert [row.wallet_id for row in world.buy(world.signal(coin(2, "WIF")))] == [owner]
    assert world.refusals() == []


def test_a_retired_shadow_is_left_alone() -> None:
    world = World()
    owner = world.join()
    shadow = world.shadow(owner)
    world.do(RetireShadow(at=world.now, shadow=shadow))
    others: list[Input] = [
        Pause(at=START, wallet=shadow),
        Resume(at=START, wallet=shadow),
        ChangeSettings(at=START, wallet=shadow, symbol="*", body="{}", profile=TIGHT),
    ]
    for one in [*wishes_for(shadow), *others]:
        assert slug(world.do(one)[0]) == "shadow-retired"
        assert world.last == []


def test_a_retired_shadow_is_not_paused_by_its_fall() -> None:
    free = Limits(max_token_exposure=1, max_exposure=1, max_drawdown=0.01)
    bold = wish(limits=free, sizing=Sizing(risk_per_trade=0.5), exit_plan=HOLD)
    world = World()
    owner = world.join()
    shadow, token = world.shadow(owner, bold), world.signal(coin(1))
    world.buy(token)
    world.do(RetireShadow(at=world.now, shadow=shadow))
    world.price(token, 0.9)
    world.beat(world.now + MINUTE)
    assert world.new(EventRow) == []
    assert shadow in [row.wallet_id for row in world.new(SnapshotRow)]
    world.beat(START + DAY)
    assert shadow in [row.id for row in world.new(BalanceRow)]


def test_a_retired_shadow_with_nothing_is_no_number_for_nobody() -> None:
    world = World()
    owner = world.join()
    shadow = world.shadow(owner, lamports=0)
    world.do(RetireShadow(at=world.now, shadow=shadow))
    world.beat(world.now + MINUTE)
    assert int(world.engine.state.wallets.peak[shadow]) == 0
    assert world.new(EventRow) == []


def test_a_shadow_that_was_retired_comes_back_without_wishes() -> None:
    world = World()
    owner = world.join()
    shadow = world.shadow(owner, TIGHT)
    row, state = world.only(WalletRow), World().engine.state
    take_in(state, world.of(WalletRow)[0])
    take_in(state, row._replace(retired_at=START + 1))
    assert (state.wallets.profile[shadow], dict(state.wishes.counts)) == (NO_PROFILE, {0: 1})
    assert state.shadows_of == {owner: [shadow]}
    assert (state.shadows[shadow].retired_at, state.shadows[shadow].name) == (START + 1, "a shadow")


# adopting


def test_an_adopted_shadow_gives_its_owner_its_settings() -> None:
    world = World(wish(exit_plan=HOLD))
    owner = world.join()
    world.wants(owner, LOOSE)
    world.wants(owner, LOOSE, "WIF")
    shadow = world.shadow(owner, TIGHT)
    world.wants(shadow, LOOSE, "BONK")
    world.do(AdoptShadow(at=world.now, shadow=shadow))
    assert settings_of(world, owner) == [
        ("*", 2, TIGHT.canonical()),
        ("BONK", 1, LOOSE.canonical()),
    ]
    assert {row.wallet_id for row in world.new(EventRow)} == {owner}
    assert world.new(SettingsRow)[0].body == TIGHT.canonical()
    assert stops(world, "COIN") == {owner: 0.95, shadow: 0.95}
    assert stops(world, "BONK") == {owner: 0.5, shadow: 0.5}
    assert stops(world, "WIF") == {owner: 0.5, shadow: 0.95}
    world.do(AdoptShadow(at=world.now, shadow=shadow))
    assert world.last == []
    world.do(AdoptShadow(at=world.now, shadow=shadow, replace=True))
    assert settings_of(world, owner) == [("WIF", 2, None)]


def test_a_shadow_without_settings_hands_on_the_platforms() -> None:
    world = World(wish(exit_plan=HOLD))
    owner = world.join()
    shadow = world.shadow(owner)
    world.wants(owner, LOOSE)
    world.do(AdoptShadow(at=world.now, shadow=shadow))
    assert settings_of(world, owner) == [("*", 2, None)]
    assert stops(world, "COIN") == {owner: 0.85, shadow: 0.85}


def test_open_trades_of_the_owner_keep_their_plan() -> None:
    world = World(wish(exit_plan=HOLD))
    owner, token = world.join(), world.signal(coin(1))
    world.buy(token)
    shadow = world.shadow(owner, wish(exit_plan=ExitPlan(stop_loss=0.01)))
    world.do(AdoptShadow(at=world.now, shadow=shadow))
    assert world.price(token, 0.9) == []
    assert len(world.of(TradeRow)) == 1
