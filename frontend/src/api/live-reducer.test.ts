import { describe, expect, it, test } from "vitest";
import { readFrame } from "./frames";
import { adopt, reduce } from "./live-reducer";
import { type LiveState, nothingYet } from "./live-state";
import { botTrade, candle, index, position, summary, token } from "./samples";
import type { Frame, FrameData } from "./wire";

const NOW = 1_000_000;
const fold = (state: LiveState, ...frames: Frame[]) =>
  frames.reduce((before, frame) => reduce(before, frame, NOW), state);
const fold0 = (...frames: Frame[]) => fold(nothingYet, ...frames);

const signedIn = (seq: number) =>
  ({
    type: "AUTH_SUCCESS",
    data: { wallet_address: "W", initial_sol_balance: 15, created_at: "", seq },
  }) as Frame;
const event = (seq: number, kind = "TradeOpened", trade_id: number | null = null) =>
  ({ type: "EVENT", seq, data: { kind, trade_id } }) as Frame;
const update = (data: object) => ({ type: "UPDATE", data }) as Frame;
const starting = (changes: Partial<FrameData<"NEW_TRADE_STARTING">> = {}) =>
  ({
    type: "NEW_TRADE_STARTING",
    data: {
      token_info: token,
      candles: [candle(1), candle(2)],
      volumes: [],
      bot_trades: [],
      strategy_state: null,
      portfolio: null,
      ...changes,
    },
  }) as Frame;

describe("events", () => {
  it("start after the newest one at the first sign-in", () => {
    expect(fold0(signedIn(40)).seq).toBe(40);
  });

  it("that were missed count after a resumed sign-in", () => {
    const state = fold0(signedIn(40), event(41), signedIn(44), event(42), event(43), event(44));
    expect(state.seq).toBe(44);
    expect(state.epoch).toBe(2);
  });

  it("that were here already or come out of order change nothing", () => {
    const state = fold0(signedIn(40), event(45, "TradeOpened"));
    expect(fold(state, event(45, "TradeClosed"))).toBe(state);
    expect(fold(state, event(44, "TradeClosed"))).toBe(state);
  });

  it("are kept in order, each once", () => {
    const told = fold0(signedIn(40), event(41, "A"), event(41, "A"), event(43, "B")).told;
    expect(told.map(({ kind }) => kind)).toEqual(["A", "B"]);
  });

  it("end a position, once", () => {
    const held = adopt(fold0(signedIn(1)), [position(), position({ trade_id: 8 })], NOW);
    const state = fold(held, event(2, "TradeClosed", 7));
    expect(Object.keys(state.positions)).toEqual(["8"]);
    expect(state.lastEvent).toEqual({ kind: "TradeClosed", seq: 2 });
  });
});

test("RESET forgets everything but how often that happened", () => {
  const before = fold0(signedIn(40), starting(), {
    type: "TRADE_SUMMARY_UPDATE",
    data: { summaries: [summary()] },
  } as Frame);
  const state = fold(before, { type: "RESET", data: { seq: 900, reason: "" } } as Frame);
  expect(state).toEqual({ ...nothingYet, seq: 900, epoch: 2, resets: 1 });
});

test("summaries are told in full: what is no longer in play is gone", () => {
  const told = (...summaries: ReturnType<typeof summary>[]) =>
    ({ type: "TRADE_SUMMARY_UPDATE", data: { summaries } }) as Frame;
  const other = summary({ token: index });
  expect(fold0().summaries).toBeNull();
  expect(fold0(told(summary(), other), told(other)).summaries).toEqual([other]);
});

describe("the stage", () => {
  it("is the index until a trade starts", () => {
    const state = fold0(starting({ token_info: index }), starting());
    expect(state.stage).toEqual(token);
    expect(Object.keys(state.series)).toEqual([index.address, token.address]);
  });

  it("keeps growing with its candles, and others with theirs", () => {
    const state = fold0(
      starting(),
      update({ token: token.address, candle: candle(3, 1.5) }),
      update({ token: index.address, candle: candle(9) }),
    );
    expect(state.series[token.address]?.candles.at(-1)?.close).toBe(1.5);
    expect(state.series[token.address]?.revision).toBe(1);
    expect(state.series[index.address]?.candles).toHaveLength(1);
  });

  it("marks an own fill once, however often it is told", () => {
    const bought = update({ token: token.address, bot_trade: botTrade() });
    const state = fold0(starting({ bot_trades: [botTrade()] }), bought, bought);
    expect(state.fills[token.address]).toHaveLength(1);
    expect(state.feed[token.address]?.map((item) => item.own)).toEqual(["entry"]);
  });
});

describe("the feed", () => {
  const trade = (time: number, address = token.address) =>
    update({ token: address, market_trade: botTrade({ time }) });
  const times = (state: LiveState) => state.feed[token.address]?.map((item) => item.time);

  it("has the newest transaction of a token first, however they came", () => {
    expect(times(fold0(trade(1), trade(3), trade(2), trade(9, index.address)))).toEqual([3, 2, 1]);
  });

  it("tells each once, and an own one beside the market's", () => {
    const state = fold0(
      trade(1),
      trade(1),
      update({ token: token.address, bot_trade: botTrade() }),
    );
    expect(state.feed[token.address]?.map((item) => item.own)).toEqual(["entry", null]);
  });

  it("has an end, past which nothing late comes in", () => {
    const state = fold0(...Array.from({ length: 90 }, (_, time) => trade(time)), trade(3));
    expect(times(state)).toHaveLength(60);
    expect(times(state)?.at(-1)).toBe(30);
    expect(new Set(state.feed[token.address]?.map((item) => item.key)).size).toBe(60);
  });
});

test("a position moves with its price, and goes with its last token", () => {
  const moved = update({ token: token.address, position: position({ price: 0.0004 }) });
  const state = fold0(moved);
  expect(state.positions[7]?.price).toBe(0.0004);
  expect(state.pricedAt[7]).toBe(NOW - 500);
  const sold = update({ token: token.address, position: position({ tokens: 0 }) });
  expect(fold(state, sold).positions).toEqual({});
  const gone = update({ token: token.address, position: null, strategy_state: null });
  expect(fold(state, gone).positions).toEqual({});
});

test("the portfolio is of the wallet as a whole", () => {
  const portfolio = {
    sol_balance: 1,
    total_value: 2,
    trade_pnl: 0,
    overall_pnl: 0,
    positions: {},
  };
  expect(fold0(update({ token: null, portfolio })).portfolio).toEqual(portfolio);
});

test.each([[null], [7], ["PING"], [{}], [{ type: "UPDATE" }], [{ type: "NEWS", data: {} }]])(
  "%j is no frame",
  (value) => {
    expect(readFrame(value)).toBeNull();
  },
);
