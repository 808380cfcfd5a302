import { expect, test } from "vitest";
import { position } from "@/api/samples";
import { type Order, ordered } from "./order";

const positions = {
  1: position({ trade_id: 1, unrealised_pnl: 0.1, stop_distance_percent: 3 }),
  2: position({ trade_id: 2, unrealised_pnl: -0.2, stop_distance_percent: 20 }),
  3: position({ trade_id: 3, unrealised_pnl: 0.1, stop_distance_percent: 9 }),
};

test.each<[Order, number[]]>([
  ["newest", [3, 2, 1]],
  ["oldest", [1, 2, 3]],
  ["best", [3, 1, 2]],
  ["worst", [2, 3, 1]],
  ["stop", [1, 3, 2]],
])("%s: %j", (order, expected) => {
  expect(ordered(positions, order)).toEqual(expected);
});
