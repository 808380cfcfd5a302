import { expect, test } from "vitest";
import type { EventFrame } from "@/api/generated/types.gen";
import { linkIsFine, noteOf, notesOf, watchLink, watchPrices } from "./notes";
import { readWishes, topics, type Wishes } from "./notifications";

type Told = EventFrame["data"];
const all = readWishes(null).topics;
const only = (...names: string[]): Wishes["topics"] =>
  Object.fromEntries(topics.map((it) => [it, names.includes(it)])) as Wishes["topics"];
const token = { address: "Bonk1111", symbol: "BONK" };

function bought(seq: number): Told {
  return {
    seq,
    at: "2026-11-21T10:00:00.000Z",
    kind: "TradeOpened",
    trade_id: 7,
    data: {
      kind: "TradeOpened",
      trade_id: 7,
      token,
      strategy: "sma_crossover",
      price: 0.00000123,
      token_amount: 203_252,
      sol_amount: 0.25,
      fee_sol: 0,
      stop_loss_price: 0.00000104,
      signal_id: 3,
    },
  };
}

function sold(seq: number, reason: string, pnl_sol = -0.0375): Told {
  return {
    seq,
    at: "2026-11-21T10:05:00.000Z",
    kind: "TradeClosed",
    trade_id: 7,
    data: {
      kind: "TradeClosed",
      trade_id: 7,
      token,
      reason,
      price: 0.00000104,
      token_amount: 203_252,
      sol_amount: 0.2125,
      fee_sol: 0,
      pnl_sol,
      pnl_percent: 100 * (pnl_sol / 0.25),
      price_at: null,
    },
  };
}

test("what happened stands in the title, what it came to below", () => {
  expect(noteOf(bought(1), all)).toEqual({
    title: "Bought BONK",
    body: "0.2500 SOL at 0.0₅1230 · SMA crossover",
    tag: "event-1",
    trade: 7,
  });
  expect(noteOf(sold(2, "stop_loss"), all)).toMatchObject({
    title: "Sold BONK, −15.0 %",
    body: "−0.0375 SOL · Stop loss",
  });
});

test("only what was chosen is told; a stop is told as one also without the other sales", () => {
  expect(noteOf(bought(1), only("closed"))).toBeNull();
  expect(noteOf(sold(1, "take_profit_2"), only("stopped"))).toBeNull();
  expect(noteOf(sold(1, "trailing_stop"), only("stopped"))).not.toBeNull();
  expect(noteOf(sold(1, "stop_loss"), only("closed"))).not.toBeNull();
  expect(noteOf(sold(1, "stop_loss"), only("opened", "link"))).toBeNull();
  const paused = { ...bought(1), data: { kind: "WalletPaused", reason: "drawdown" } } as Told;
  expect(noteOf(paused, all)).toBeNull();
});

test("a symbol from a feed cannot hide text", () => {
  const event = bought(1);
  const data = { ...event.data, token: { address: "x", symbol: "BO\u202eNK" } };
  expect(noteOf({ ...event, data } as Told, all)?.title).toBe("Bought BONK");
});

test("a few come one by one, many as one", () => {
  expect(notesOf([bought(1), sold(2, "manual")], all)).toHaveLength(2);
  const many = [bought(1), bought(2), sold(3, "manual", 0.1), sold(4, "stop_loss", -0.04)];
  expect(notesOf(many, all)).toEqual([
    {
      title: "4 things happened",
      body: "2 trades opened · 2 trades closed · +0.0600 SOL",
      tag: "event-4",
      trade: null,
    },
  ]);
  expect(notesOf(many, only("opened"))).toHaveLength(2);
});

test("a lost link is told once, after a minute, and anew when it was back", () => {
  let watch = linkIsFine;
  const at = (now: number, link: "live" | "reconnecting") => {
    const seen = watchLink(watch, link, now);
    watch = seen.watch;
    return seen.isNews;
  };
  expect([at(0, "reconnecting"), at(59_999, "reconnecting")]).toEqual([false, false]);
  expect([at(60_000, "reconnecting"), at(65_000, "reconnecting")]).toEqual([true, false]);
  expect([at(70_000, "live"), at(80_000, "reconnecting")]).toEqual([false, false]);
  expect(at(140_000, "reconnecting")).toBe(true);
});

test("a stale price is told once per trade, and anew when it was fresh", () => {
  const first = watchPrices(
    new Set(),
    new Map([
      [7, 0],
      [8, 30_000],
    ]),
    60_000,
  );
  expect(first.news).toEqual([7]);
  const second = watchPrices(
    first.told,
    new Map([
      [7, 0],
      [8, 30_000],
    ]),
    95_000,
  );
  expect(second.news).toEqual([8]);
  const fresh = watchPrices(
    second.told,
    new Map([
      [7, 96_000],
      [8, 30_000],
    ]),
    97_000,
  );
  expect(fresh.news).toEqual([]);
  expect(watchPrices(fresh.told, new Map([[7, 96_000]]), 156_000).news).toEqual([7]);
});

test("wishes that make no sense are as usual", () => {
  expect(readWishes("{")).toEqual({ isOn: false, topics: all });
  expect(readWishes('{"isOn":"yes","topics":{"link":false,"opened":3}}')).toEqual({
    isOn: false,
    topics: { ...all, link: false },
  });
  expect(readWishes('{"isOn":true,"topics":[]}').isOn).toBe(true);
});
