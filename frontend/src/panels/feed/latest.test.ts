import { expect, test } from "vitest";
import { botTrade } from "@/api/samples";
import { latest } from "./latest";

test("only the token's own transactions, and not too many", () => {
  const feed = Array.from({ length: 150 }, (_, key) => ({
    ...botTrade(),
    key,
    token: key % 2 === 0 ? "WIF" : "BONK",
    own: null,
  }));
  const items = latest(feed, "WIF");
  expect(items).toHaveLength(60);
  expect(items.every((item) => item.token === "WIF")).toBe(true);
  expect(latest(feed, null)).toEqual([]);
});
