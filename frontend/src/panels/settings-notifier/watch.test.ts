import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { EventFrame } from "@/api/generated/types.gen";
import { connection, live } from "@/api/live";
import { nothingYet } from "@/api/live-state";
import { position } from "@/api/samples";
import type { Note } from "@/lib/notifications";
import { watch } from "./watch";

const START = Date.parse("2026-11-21T10:00:00Z");

const closed = (seq: number): EventFrame["data"] => ({
  seq,
  at: "2026-11-21T10:00:00.000Z",
  kind: "TradeClosed",
  trade_id: seq,
  data: {
    kind: "TradeClosed",
    trade_id: seq,
    token: { address: "Bonk1111", symbol: "BONK" },
    reason: "stop_loss",
    price: 1,
    token_amount: 1,
    sol_amount: 1,
    fee_sol: 0,
    pnl_sol: -0.1,
    pnl_percent: -10,
    price_at: null,
  },
});

let notes: Note[] = [];
let stop = () => {};

beforeEach(() => {
  vi.useFakeTimers({ now: START });
  notes = [];
  live.setState({ ...nothingYet, seq: 10, told: [closed(9)] }, true);
  connection.setState({ link: "live" });
  stop = watch((note) => notes.push(note));
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

test("what was told before is not told again, each news once", () => {
  expect(notes).toEqual([]);
  live.setState({ seq: 11, told: [closed(9), closed(11)] });
  live.setState({ portfolio: null });
  expect(notes.map((it) => it.tag)).toEqual(["event-11"]);
});

test("after it was stopped nothing is told", () => {
  stop();
  live.setState({ seq: 11, told: [closed(11)] });
  vi.advanceTimersByTime(120_000);
  expect(notes).toEqual([]);
});

test("a broken link is told after a minute; the prices that it holds back are not", () => {
  live.setState({ positions: { 7: position() }, pricedAt: { 7: START } });
  connection.setState({ link: "reconnecting" });
  vi.advanceTimersByTime(55_000);
  expect(notes).toEqual([]);
  vi.advanceTimersByTime(60_000);
  expect(notes.map((it) => it.tag)).toEqual(["link"]);
});

test("a price that stays away is told once while the link is fine", () => {
  live.setState({ positions: { 7: position() }, pricedAt: { 7: START } });
  vi.advanceTimersByTime(180_000);
  expect(notes.map((it) => it.title)).toEqual(["The price of BONK is stale"]);
});
