import { afterEach, expect, test } from "vitest";
import { places } from "./places";
import { commandOf, isTaken, shortcuts, switchShortcuts } from "./shortcuts";

afterEach(() => {
  document.body.replaceChildren();
  switchShortcuts(true);
});

test("g and a letter go to each page; no two pages share one", () => {
  expect(commandOf("g", null)).toEqual({ kind: "wait" });
  for (const { key, to } of places) expect(commandOf(key, "g")).toEqual({ kind: "go", to });
  expect(new Set(places.map(({ key }) => key)).size).toBe(places.length);
  expect(commandOf("t", null)).toBeNull();
  expect(commandOf("g", "g")).toBeNull();
});

test("/ searches, ? lists, no single key trades", () => {
  expect(commandOf("/", null)).toEqual({ kind: "search" });
  expect(commandOf("?", null)).toEqual({ kind: "list" });
  const letters = [..."abcdefhijklmnopqrstuvwxyz"];
  expect(letters.map((key) => commandOf(key, null)).filter(Boolean)).toEqual([]);
});

function pressed(html: string, options: KeyboardEventInit = {}): boolean {
  document.body.innerHTML = html;
  const target = document.body.querySelector("[data-here]") ?? document.body;
  let taken = false;
  document.addEventListener("keydown", (event) => (taken = isTaken(event)), { once: true });
  target.dispatchEvent(new KeyboardEvent("keydown", { key: "g", bubbles: true, ...options }));
  return taken;
}

test.each([
  ["<input data-here>", {}, true],
  ["<input data-here type=checkbox>", {}, false],
  ["<textarea data-here></textarea>", {}, true],
  ["<select data-here></select>", {}, true],
  ["<div contenteditable><b data-here></b></div>", {}, true],
  ["<div role=menu><a data-here></a></div>", {}, true],
  ["<button data-here></button>", {}, false],
  ["<button data-here></button>", { ctrlKey: true }, true],
  ["<button data-here></button>", { repeat: true }, true],
  ["<button data-here></button><dialog open></dialog>", {}, true],
  ["", {}, false],
])("a key on %s with %j is taken: %s", (html, options, expected) => {
  expect(pressed(html, options)).toBe(expected);
});

test("the switch is kept", () => {
  switchShortcuts(false);
  expect(shortcuts.getState().areOn).toBe(false);
  expect(localStorage.getItem("shortcuts")).toBe("off");
  switchShortcuts(true);
  expect(localStorage.getItem("shortcuts")).toBeNull();
});
