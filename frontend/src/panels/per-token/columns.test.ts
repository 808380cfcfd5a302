import { expect, test } from "vitest";
import type { TokenGroup } from "@/api/wire";
import { marksOf } from "./columns";

const group = (key: string, net_pnl_sol: number) => ({ key, net_pnl_sol }) as TokenGroup;

test("the best must have won, the worst must have lost, and one alone is neither", () => {
  expect(marksOf([group("a", -0.5), group("b", 0.2), group("c", 0)])).toEqual({
    best: "b",
    worst: "a",
    largest: 0.5,
  });
  expect(marksOf([group("a", 0.1), group("b", 0.2)])).toMatchObject({ best: "b", worst: null });
  expect(marksOf([group("a", 0.1)])).toMatchObject({ best: null, worst: null, largest: 0.1 });
  expect(marksOf([])).toEqual({ best: null, worst: null, largest: 0 });
});
