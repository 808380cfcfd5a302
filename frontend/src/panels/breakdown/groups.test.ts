import { expect, test } from "vitest";
import type { Group } from "@/api/analytics";
import { groupName, groupOrder, tradesIn } from "./groups";

const group = (key: string | null) => ({ key }) as Group;

test("groups have names that people use", () => {
  expect([
    groupName("hour", group("7")),
    groupName("weekday", group("1")),
    groupName("source", group("named")),
    groupName("exit-reason", group("take_profit_2")),
    groupName("strategy", group(null)),
  ]).toEqual(["07:00", "Monday", "Settings by name", "Target 2", "Not known"]);
});

test("a source may be called like what every object inherits", () => {
  expect(groupName("source", group("constructor"))).toBe("Constructor");
  expect(groupName("source", group("__proto__"))).toBe("  proto  ");
});

test("hours stand in the order of the clock", () => {
  expect(["10", "9"].map((key) => groupOrder("hour", group(key)))).toEqual([10, 9]);
});

test("a group leads to its trades where the history can filter by it", () => {
  expect(tradesIn("exit-reason", group("manual"))).toEqual({ reason: "manual" });
  expect(tradesIn("source", group("signal"))).toEqual({ source: "signal" });
  expect(tradesIn("hour", group("7"))).toBeNull();
  expect(tradesIn("strategy", group(null))).toBeNull();
});
