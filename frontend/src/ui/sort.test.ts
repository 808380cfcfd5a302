import { expect, test } from "vitest";
import { nextSorting, sortRows } from "./sort";

test("what is not known stands last both ways", () => {
  const rows = [2, null, 10];
  expect(sortRows(rows, (row) => row, false)).toEqual([2, 10, null]);
  expect(sortRows(rows, (row) => row, true)).toEqual([10, 2, null]);
  expect(sortRows(["b", "a"], (row) => row, false)).toEqual(["a", "b"]);
});

test("a second click turns the order round", () => {
  const first = nextSorting({ column: "net", descending: true }, "trades");
  expect(first).toEqual({ column: "trades", descending: true });
  expect(nextSorting(first, "trades")).toEqual({ column: "trades", descending: false });
});
