import { expect, test } from "vitest";
import { forgetOldTokens } from "./forgetting";
import { type LiveState, nothingYet } from "./live-state";
import { botTrade, index, position, token } from "./samples";
import { grow } from "./series";

const names = Array.from({ length: 30 }, (_, place) => `T${place}`);
const all = <Value>(value: Value) => Object.fromEntries(names.map((name) => [name, value]));
const full: LiveState = {
  ...nothingYet,
  series: all(grow(undefined)),
  fills: all([botTrade()]),
  feed: all([]),
};

test("the tokens that were first heard of are forgotten, whatever was known of them", () => {
  const state = forgetOldTokens({ ...full, feed: { ...full.feed, late: [] } });
  expect(Object.keys(state.series)).toEqual(names.slice(26));
  expect(Object.keys(state.fills)).toEqual(names.slice(26));
  expect(Object.keys(state.feed)).toEqual([...names.slice(26), "late"]);
});

test("what is held, watched or shown stays", () => {
  const state = forgetOldTokens({
    ...full,
    positions: { 7: position({ token: { ...token, address: "T0" } }) },
    watched: ["T1"],
    stage: { ...index, address: "T2" },
  });
  expect(Object.keys(state.series)).toEqual(["T0", "T1", "T2", ...names.slice(25)]);
});

test("few tokens are kept as they are", () => {
  const few = { ...nothingYet, series: { T1: grow(undefined) } };
  expect(forgetOldTokens(few)).toBe(few);
});
