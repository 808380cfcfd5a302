import { afterEach, beforeEach, expect, test } from "vitest";
import { prefer } from "@/lib/preferences";
import { chipsOf, periodOf, sortingOf, sortOf, wantedOf } from "./filters";

beforeEach(() => prefer({ zone: "Europe/Berlin" }));
afterEach(() => prefer({ zone: "system" }));

test("the last day counts in full, in the person's zone", () => {
  expect(wantedOf({ from: "2026-11-20", to: "2026-11-20", ended: true })).toEqual({
    from: "2026-11-19T23:00:00.000Z",
    to: "2026-11-20T23:00:00.000Z",
    times: "exit_time",
  });
});

test("what is not asked for is not sent", () => {
  expect(wantedOf({})).toEqual({});
  expect(wantedOf({ tab: "history", name: "dog", reason: "manual", order: "asc" })).toEqual({
    symbol: "dog",
    exit_reason: "manual",
    order: "asc",
  });
});

test("a what-if is about trades that began in a time, and about nothing when they ended", () => {
  const search = { from: "2026-11-20", status: "finished", token: "Mint" } as const;
  expect(periodOf(search)).toEqual({ from: "2026-11-19T23:00:00.000Z", token: "Mint" });
  expect(periodOf({ ...search, ended: true })).toEqual({ token: "Mint" });
});

test("the usual order does not stand in the address", () => {
  expect(sortOf(sortingOf({}))).toEqual({ sort: undefined, order: undefined });
  const search = { sort: "held", order: "asc" } as const;
  expect(sortOf(sortingOf(search))).toEqual(search);
});

test("each filter is a chip, both dates together are one", () => {
  const day = { from: "2026-11-20", to: "2026-11-20", ended: true } as const;
  expect(chipsOf({ ...day, status: "finished", token: "Mint" }, "BONK")).toEqual([
    { names: ["token"], text: "Token: BONK" },
    { names: ["status"], text: "Status: Finished" },
    { names: ["from", "to", "ended"], text: "Ended on 20 Nov 2026" },
  ]);
  expect(chipsOf({ from: "2026-11-01" }, undefined)[0]?.text).toBe("Opened from 1 Nov 2026");
  expect(chipsOf({}, undefined)).toEqual([]);
});
