/** Tokens, symbols and codes may be called like what every object inherits. */
import { describe, expect, test } from "vitest";
import { inWords, stepInWords } from "@/lib/reasons";
import { draftOf } from "@/lib/settings/draft";
import { effectiveFor, ruleFor, type Wishes, writtenFor } from "./ground";
import { reduce } from "./live-reducer";
import { nothingYet } from "./live-state";
import { botTrade, candle } from "./samples";
import type { Effective, Frame, Setting, SettingState } from "./wire";

const standard = { entries: [] } as unknown as Effective;

describe.each(["__proto__", "constructor", "toString", "hasOwnProperty"])("%s", (name) => {
  test("is a token like any other", () => {
    const fill = botTrade();
    const frames = [
      { type: "UPDATE", data: { token: name, candle: candle(1), market_trade: fill } },
      { type: "UPDATE", data: { token: name, candle: candle(2), bot_trade: fill } },
    ] as Frame[];
    const state = frames.reduce((before, frame) => reduce(before, frame, 0), nothingYet);
    expect(Object.keys(state.series)).toEqual([name]);
    expect(state.series[name]?.candles).toEqual([candle(1), candle(2)]);
    expect(state.fills[name]).toEqual([fill]);
    expect(state.feed[name]).toHaveLength(2);
    expect(Object.getPrototypeOf(state.series)).toBe(Object.prototype);
    expect(nothingYet.series).toEqual({});
    expect(({} as Record<string, unknown>).candles).toBeUndefined();
  });

  test("is a symbol like any other", () => {
    const written = { effective: { ...standard }, settings: {} } as SettingState;
    const wishes = (settings: Record<string, SettingState>) =>
      ({ ground: { strategies: [], standard }, settings }) as Wishes;
    const none = wishes({});
    expect(effectiveFor(none, name)).toBe(standard);
    expect(writtenFor(none, name)).toBeNull();
    expect(ruleFor(none, { address: name, symbol: name })).toBeNull();
    const some = wishes(JSON.parse(JSON.stringify({ [name]: written })));
    expect(writtenFor(some, name)).toEqual({});
    const setting = { parameters: { custom_params: { [name]: 1 } } } as unknown as Setting;
    expect(Object.entries(draftOf(setting, none.ground).custom)).toEqual([[name, 1]]);
  });

  test("is a word", () => {
    for (const word of [inWords(name), stepInWords(name)]) {
      expect(word.toLowerCase()).toBe(name.replaceAll("_", " ").toLowerCase());
    }
  });
});
