import { describe, expect, it, test } from "vitest";
import { index, position, token } from "@/api/samples";
import { followed, strategyOf } from "@/api/shown";
import { changeOf, linesOf, pricesInView } from "./lines";

const state = (changes = {}) => {
  const positions = { 7: position(changes) };
  return strategyOf({ positions, strategy: {} }, token.address, null);
};
const titles = (changes = {}) => linesOf(state(changes)).map((line) => line.title);

describe("the lines of a trade", () => {
  it("are entry, stop, each target and the highest price", () => {
    expect(linesOf(state()).map(({ id, kind, price }) => [id, kind, price])).toEqual([
      ["entry", "entry", 0.00025],
      ["stop", "stop", 0.0002125],
      ["target-1", "target", 0.000325],
      ["target-2", "target", 0.0004375],
      ["highest", "highest", 0.0003],
    ]);
  });

  it("tell a target that was taken from one that was not", () => {
    const tiers = [
      { price: 0.000325, portion: 0.33, taken: true },
      { price: 0.0004375, portion: 0.33, taken: false },
    ];
    expect(titles({ tiers })).toEqual(["Entry", "Stop", "T1 ✓", "T2", "High"]);
  });

  it("leave out a highest price that is the entry, and what is no price", () => {
    expect(titles({ highest_price_seen: 0.00025, tiers: [] })).toEqual(["Entry", "Stop"]);
    expect(titles({ stop_loss_price: 0, tiers: [] })).toEqual(["Entry", "High"]);
    expect(linesOf(null)).toEqual([]);
  });
});

test("a line that moves stays the same line", () => {
  const before = linesOf(state());
  const after = linesOf(state({ stop_loss_price: 0.00025, tiers: [] }));
  const change = changeOf(before, after);
  expect(change.added).toEqual([]);
  expect(change.moved.map((line) => line.id)).toEqual(["stop"]);
  expect(change.removed).toEqual(["target-1", "target-2"]);
  expect(changeOf(after, after)).toEqual({ added: [], moved: [], removed: [] });
});

test("the scale keeps entry, stop and the next target in view while they are near", () => {
  const lines = linesOf(state());
  expect(pricesInView(lines, 0.0003)).toEqual([0.00025, 0.000325]);
  expect(pricesInView(lines, 0.00025)).toEqual([0.00025, 0.0002125]);
});

test("the newest of several trades in a token is shown, unless one is asked for", () => {
  const positions = { 7: position(), 9: position({ trade_id: 9 }) };
  const shown = (trade: number | null) =>
    strategyOf({ positions, strategy: {} }, token.address, trade)?.trade_id;
  expect([shown(null), shown(7), shown(5)]).toEqual([9, 7, undefined]);
});

test("the chart follows the stage while its trade runs, then the newest that does", () => {
  const other = position({ trade_id: 3, token: index });
  const state = { stage: token, positions: { 3: other, 7: position() }, strategy: {} };
  expect(followed(state)).toEqual({ token, trade: 7 });
  expect(followed({ ...state, positions: { 3: other } })).toEqual({ token: index, trade: 3 });
  expect(followed({ ...state, positions: {} })).toEqual({ token, trade: null });
});
