import { Search } from "lucide-react";
import { expect, test } from "vitest";
import { type Entry, find, type Group, scoreOf, tradeNumberIn } from "./rank";

const entry = (group: Group, title: string, words?: string): Entry => ({
  id: title,
  group,
  title,
  words,
  Icon: Search,
  run: () => undefined,
});
const titles = (entries: Entry[], search: string) =>
  find(entries, search).flatMap((it) => it.entries.map(({ title }) => title));

const all = [
  entry("Open positions", "BONK", "position"),
  entry("Pages", "Strategies"),
  entry("Pages", "Trading"),
  entry("Actions", "Pause trading", "stop entries"),
  entry("Actions", "Theme: dark", "night"),
  entry("Tokens", "BONK2"),
];

test("without a search everything stands in its order", () => {
  expect(find(all, "  ").map(({ group }) => group)).toEqual([
    "Open positions",
    "Pages",
    "Actions",
    "Tokens",
  ]);
});

test("the best find comes first, with its group", () => {
  expect(titles(all, "trading")).toEqual(["Trading", "Pause trading"]);
  expect(titles(all, "BONK")).toEqual(["BONK", "BONK2"]);
  expect(titles(all, "dark")).toEqual(["Theme: dark"]);
  expect(titles(all, "stop")).toEqual(["Pause trading"]);
});

test("every word must fit; letters with gaps do from three on", () => {
  expect(titles(all, "pause bonk")).toEqual([]);
  expect(titles(all, "strgs")).toEqual(["Strategies"]);
  expect(titles(all, "ss")).toEqual([]);
  expect(scoreOf({ title: "Trading" }, "zzz")).toBe(0);
});

test("an address is found by more than a letter or two", () => {
  const token = [entry("Tokens", "WIF", "token 9xQaP")];
  expect(titles(token, "a")).toEqual([]);
  expect(titles(token, "xQa")).toEqual(["WIF"]);
});

test("no group floods the list", () => {
  const many = Array.from({ length: 50 }, (_, number) => entry("Tokens", `T${number}`));
  expect(titles(many, "")).toHaveLength(5);
  expect(titles(many, "t")).toHaveLength(8);
});

test.each([
  ["42", 42],
  ["#42", 42],
  [" 7 ", 7],
  ["0", null],
  ["4x", null],
  ["", null],
])("%j names trade %s", (search, number) => {
  expect(tradeNumberIn(search)).toBe(number);
});
