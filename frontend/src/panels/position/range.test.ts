import { expect, test } from "vitest";
import { rangeOf } from "./range";

const prices = {
  price: 1.1,
  entry_price: 1,
  stop_loss_price: 0.8,
  next_tier: { price: 1.3, portion: 0.33, taken: false },
  highest_price_seen: 1.2,
};
const near = (range: object) =>
  Object.fromEntries(Object.entries(range).map(([k, v]) => [k, v && Math.round(100 * v)]));

test("from the stop to the next target", () => {
  expect(near(rangeOf(prices))).toEqual({ price: 60, entry: 40, stop: 0, target: 100 });
});

test("to the highest price once every target is taken; a stop above the entry is no end", () => {
  const late = { ...prices, next_tier: null, stop_loss_price: 1.05 };
  expect(near(rangeOf(late))).toEqual({ price: 50, entry: 0, stop: 25, target: null });
});

test("past the stop the price is the end; without any width everything is at the start", () => {
  expect(rangeOf({ ...prices, price: 0.7 }).price).toBe(0);
  const flat = { ...prices, price: 1, stop_loss_price: 1, next_tier: null, highest_price_seen: 1 };
  expect(rangeOf(flat)).toEqual({ price: 0, entry: 0, stop: 0, target: null });
});
