import { expect, test } from "vitest";
import { CatchUp, caughtUpInWords } from "./catch-up";
import type { Frame } from "./wire";

const frame = (type: string) => ({ type, data: {} }) as Frame;

function broken(...missed: string[]) {
  const catchUp = new CatchUp();
  catchUp.linked("connecting");
  catchUp.hear(frame("EVENT"));
  expect(catchUp.linked("live")).toBeNull();
  catchUp.hear(frame("EVENT"));
  expect(catchUp.linked("reconnecting")).toBeNull();
  expect(catchUp.linked("offline")).toBeNull();
  for (const type of missed) catchUp.hear(frame(type));
  return catchUp.linked("live");
}

test("counts the events that were missed, and only those", () => {
  expect(broken("EVENT", "UPDATE", "EVENT")).toEqual({ events: 2, isWhole: true });
  expect(broken()).toEqual({ events: 0, isWhole: true });
  expect(broken("RESET")).toEqual({ events: 0, isWhole: false });
});

test.each([
  [{ events: 14, isWhole: true }, "Caught up, 14 events"],
  [{ events: 1, isWhole: true }, "Caught up, 1 event"],
  [{ events: 0, isWhole: true }, "Caught up, nothing was missed"],
  [{ events: 0, isWhole: false }, "Caught up: everything was loaded anew"],
])("%j in words", (what, words) => {
  expect(caughtUpInWords(what)).toBe(words);
});
