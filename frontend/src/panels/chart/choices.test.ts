import { expect, test } from "vitest";
import type { MarketTokenOut } from "@/api/generated/types.gen";
import { choicesOf } from "./choices";

const token = (symbol: string | null, address: string): MarketTokenOut => ({
  address,
  symbol,
  decimals: 6,
  first_seen: "2026-11-21T10:00:00.000Z",
  live: true,
  price: 1,
  price_at: null,
});
const tokens = [token("BABYBONK", "Aaa1"), token("BONK", "Bbb2"), token(null, "Bonk3")];
const found = (typed: string) =>
  choicesOf(tokens, typed).map((choice) => choice.token?.address ?? "newest");

test("what begins as typed comes first, then what holds it", () => {
  expect(found(" bonk")).toEqual(["Bbb2", "Aaa1", "Bonk3"]);
  expect(found("aaa")).toEqual(["Aaa1"]);
  expect(found("xyz")).toEqual([]);
});

test("without a word all are there, and the newest trade", () => {
  expect(found("")).toEqual(["newest", "Aaa1", "Bbb2", "Bonk3"]);
});
