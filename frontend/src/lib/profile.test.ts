import { afterEach, expect, test } from "vitest";
import { prefer } from "./preferences";
import { daysOf, periodOf, readProfile, tradesOf, withinOf } from "./profile";

afterEach(() => prefer({ zone: "system" }));

test("an address is read, and what makes no sense in it is left out", () => {
  const address = {
    tab: "history",
    status: "finished",
    name: 100,
    from: "2026-11-20",
    to: "2026-02-31",
    sort: "held",
    order: "desc",
    ended: true,
    source: "elsewhere",
    period: "9d",
    month: "2026-13",
    other: 1,
  };
  expect(readProfile(address)).toEqual({
    tab: "history",
    status: "finished",
    name: "100",
    from: "2026-11-20",
    sort: "held",
    ended: true,
  });
  expect(tradesOf(readProfile(address))).toEqual({
    status: "finished",
    name: "100",
    from: "2026-11-20",
    ended: true,
  });
});

test("a period ends with today in the person's zone", () => {
  prefer({ zone: "Asia/Tokyo" });
  // In Tokyo it is the 22nd already.
  const now = Date.UTC(2026, 10, 21, 16);
  expect(withinOf("today", now)).toEqual({
    from: "2026-11-21T15:00:00.000Z",
    to: "2026-11-22T15:00:00.000Z",
  });
  expect(withinOf("7d", now).from).toBe("2026-11-15T15:00:00.000Z");
  expect(withinOf(undefined, now)).toEqual({});
});

test("a period of one's own may be open at either end", () => {
  prefer({ zone: "UTC" });
  const period = periodOf("2026-11-01", "");
  expect(period).toBe("2026-11-01..");
  expect(readProfile({ period })).toEqual({ period });
  expect(withinOf(period, 0)).toEqual({ from: "2026-11-01T00:00:00.000Z" });
  expect(periodOf("", "")).toBeUndefined();
  expect(daysOf("7d")).toBeNull();
});
