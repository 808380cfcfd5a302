import { expect, test } from "vitest";
import { summary } from "@/api/samples";
import type { Group } from "./groups";
import { HEADER, inSight, place, ROW, scrolledTo, topOf } from "./layout";

const group = (status: Group["status"], count: number): Group => ({
  status,
  meaning: "",
  summaries: Array.from({ length: count }, () => summary({ status })),
});
const groups = [group("Active", 2), group("Pending", 0), group("Failed", 500)];
const none = new Set<Group["status"]>();

test("groups stand below each other, numbered through; empty ones are left out", () => {
  const [active, failed, ...rest] = place(groups, none);
  expect(rest).toEqual([]);
  expect(active).toMatchObject({ first: 0, top: HEADER, isOpen: true });
  expect(failed).toMatchObject({ first: 2, top: 2 * HEADER + 2 * ROW });
});

test("a folded group keeps its header only", () => {
  const [active, failed] = place(groups, new Set<Group["status"]>(["Active"]));
  expect(active?.isOpen).toBe(false);
  expect(failed).toMatchObject({ first: 0, top: 2 * HEADER });
  expect(active && inSight(active, { top: 0, height: 900 })).toEqual([0, 0]);
});

test("of many rows those in sight are drawn, with some around", () => {
  const failed = place(groups, none)[1];
  if (failed === undefined) throw new Error("no group");
  expect(inSight(failed, { top: 0, height: 0 })).toEqual([0, 9]);
  expect(inSight(failed, { top: failed.top + 100 * ROW, height: 10 * ROW })).toEqual([88, 122]);
  expect(inSight(failed, { top: 0, height: 1e9 })).toEqual([0, 500]);
});

test("a row is found by its number, and brought into sight", () => {
  const all = place(groups, none);
  expect(topOf(all, 1)).toBe(HEADER + ROW);
  expect(topOf(all, 2)).toBe(all[1]?.top);
  expect(topOf(all, 502)).toBeNull();
  const sight = { top: 100, height: 300 };
  expect(scrolledTo(200, sight)).toBe(100);
  expect(scrolledTo(100, sight)).toBe(100 - HEADER);
  expect(scrolledTo(380, sight)).toBe(380 + ROW - 300);
});
