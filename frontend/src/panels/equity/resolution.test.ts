import { expect, test } from "vitest";
import { usualResolution } from "./resolution";

const now = Date.parse("2026-11-21T12:00:00.000Z");
const old = "2025-01-01T00:00:00.000Z";

test.each([
  ["a young wallet", {}, "2026-11-20T00:00:00.000Z", "1m"],
  ["a wallet of some weeks", {}, "2026-11-01T00:00:00.000Z", "1h"],
  ["an old wallet", {}, old, "1d"],
  ["one day of an old one", { from: "2026-11-21T00:00:00.000Z" }, old, "1m"],
  [
    "a month long ago",
    { from: "2026-02-01T00:00:00.000Z", to: "2026-03-01T00:00:00.000Z" },
    old,
    "1h",
  ],
  ["a long time of a young wallet", { from: old }, "2026-11-21T00:00:00.000Z", "1m"],
])("%s is drawn as finely as its time allows", (_, within, created, resolution) => {
  expect(usualResolution(within, created, now)).toBe(resolution);
});
