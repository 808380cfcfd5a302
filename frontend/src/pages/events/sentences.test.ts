import { describe, expect, it, test } from "vitest";
import type { StoredEvent } from "@/api/wire";
import { fieldsOf, humanised } from "./fields";
import { kindOf, kinds } from "./kinds";
import { type Piece, sentenceOf } from "./sentences";

const token = { address: "So11111111111111111111111111111111111111112", symbol: "BONK\u202E" };
const event = (data: { kind: string }) =>
  ({
    seq: 1,
    at: "2026-11-21T10:00:00.000Z",
    kind: data.kind,
    trade_id: null,
    data,
  }) as StoredEvent;
const said = (data: { kind: string; [field: string]: unknown }) =>
  sentenceOf(event(data))
    .map((piece: Piece) => {
      if (typeof piece === "string") return piece;
      return "name" in piece ? piece.name : String(piece.change);
    })
    .join("");
const sale = { token, trade_id: 4, price: 0.00125, token_amount: 800, sol_amount: 1, fee_sol: 0 };

describe("a sentence", () => {
  it("names the token and the numbers", () => {
    const bought = { ...sale, kind: "TradeOpened", strategy: "breakout", stop_loss_price: 0.001 };
    expect(said(bought)).toBe(
      "Bought 800 BONK for 1.0000 SOL at 0.001250 on Breakout; the stop stands at 0.001000.",
    );
    expect(said({ ...sale, kind: "TierTaken", reason: "take_profit_1", tokens_left: 5 })).toBe(
      "BONK, target 1: sold 800 at 0.001250 for 1.0000 SOL; 5 are left.",
    );
    const closed = { ...sale, kind: "TradeClosed", reason: "stop_loss" };
    expect(said({ ...closed, pnl_sol: -0.1, pnl_percent: -10 })).toBe(
      "BONK, stop loss: sold 800 at 0.001250 for 1.0000 SOL. The trade made -0.1 SOL, -10.",
    );
  });

  it("says what became of a stop", () => {
    const moved = { kind: "PlanChanged", token, trade_id: 4, plan_before: {}, plan_after: {} };
    expect(said({ ...moved, stop_before: 0.001, stop_after: 0.0011 })).toBe(
      "You changed the plan of your trade in BONK: the stop moved from 0.001000 to 0.001100.",
    );
    expect(said({ ...moved, stop_before: 0.001, stop_after: 0.001 })).toBe(
      "You changed the plan of your trade in BONK; the stop stays at 0.001000.",
    );
  });

  it("is there for everything that is no trade", () => {
    expect(said({ kind: "WalletPaused", reason: "drawdown" })).toContain(
      "paused, drawdown limit reached",
    );
    expect(said({ kind: "WalletPaused", reason: "paused" })).toContain("You paused");
    expect(said({ kind: "SettingsChanged", symbol: "*", version: 3 })).toBe(
      "Settings for every token changed: version 3 counts from here on.",
    );
    expect(said({ kind: "WalletReset", initial_sol_balance: 12, closed: 1 })).toBe(
      "Your wallet began again with 12.0000 SOL; 1 open trade was closed.",
    );
    const differed = { kind: "ReplayDiffered", trade_id: 9, token, differences: 1, fields: ["a"] };
    expect(said(differed)).toContain("differs from its record in 1 place: a.");
    expect(said({ kind: "PriceRefused", token, price: "nan" })).toContain("“nan”");
    expect(said({ kind: "PriceStale", token, price: 0.00125 })).toContain("no fresh price since");
    expect(said({ kind: "PriceLost", token, reason: "no_pool" })).toContain("BONK has no pool");
    expect(said({ kind: "PriceLost", token, reason: "worthless" })).toContain("worth nothing");
    expect(said({ kind: "PriceBack", token, price: 0.00125 })).toBe(
      "BONK has a price again: 0.001250.",
    );
    const aside = { kind: "PositionSetAside", token, trade_id: 9, reason: "it cost nothing" };
    expect(said(aside)).toContain("trade 9 in BONK cannot be led: it cost nothing.");
    const failed = { kind: "StrategyFailed", token, strategy: "breakout", reason: "x\u202Ey" };
    expect(said(failed)).toBe("Breakout failed on BONK and is not asked any more: xy.");
    const audit = { kind: "AuditFailed", faults: 2, fields: ["wallet balance"], chain_ok: true };
    expect(said(audit)).toBe("The record does not add up in 2 places: wallet balance.");
    expect(said({ ...audit, chain_ok: false })).toContain("events was changed");
  });

  it("is there for a kind that nobody knows yet", () => {
    expect(said({ kind: "OrderPlaced", side: "BUY", fee_sol: 0.5 })).toBe(
      "Order placed: side BUY, fee 0.5 SOL.",
    );
    expect(said({ kind: "Nothing" })).toBe("Nothing.");
    expect(kindOf("OrderPlaced").title).toBe("Order placed");
  });
});

test("every known kind has a title and a sentence", () => {
  for (const [kind, { title }] of Object.entries(kinds)) {
    expect(title).not.toBe("");
    expect(humanised(kind)).not.toBe("");
  }
});

test("data becomes a tidy list, values in their units", () => {
  const fields = fieldsOf({
    kind: "TradeClosed",
    token,
    trade_id: 4,
    signal_id: null,
    reason: "take_profit_2",
    pnl_percent: 12.5,
    pnl_sol: 0.123456789,
    isLate: true,
    plan: { stop_loss: 0.15 },
    fields: ["a/b", "c"],
    at: "2026-11-21T10:00:00.000Z",
  });
  const shown = Object.fromEntries(fields.map(({ name, value }) => [name, value]));
  expect(shown).toMatchObject({
    token: "BONK, So11…1112",
    signal_id: "–",
    reason: "Target 2",
    pnl_percent: "+12.5 %",
    pnl_sol: "+0.123456789 SOL",
    isLate: "Yes",
    "plan stop_loss": "0.15",
    fields: "a/b, c",
  });
  expect(shown.at).toContain("November 2026");
  expect(shown).not.toHaveProperty("kind");
  expect(fields.find(({ name }) => name === "trade_id")?.link).toEqual({ to: "trade", id: 4 });
  expect(fields.find(({ name }) => name === "token")?.copy).toBe(token.address);
});
