import { expect, test } from "vitest";
import { lossesInWords, type Stage, shareInWords, widthOf } from "./stages";

const received: Stage = {
  stage: "received",
  signals: 8,
  share: null,
  lost: [
    { reason: "no_pool", signals: 3, pending: false },
    { reason: "screening", signals: 1, pending: true },
  ],
};
const screened: Stage = { stage: "screened", signals: 4, share: 0.5, lost: [] };

test("a stage is as long as its share of all", () => {
  expect(widthOf(screened, [received, screened])).toBe(0.5);
  const none = { ...received, signals: 0 };
  expect(widthOf(none, [none])).toBe(0);
});

test("what stopped signals is said in words", () => {
  expect(lossesInWords(received)).toBe("No pool to trade in 3, Being screened 1");
  expect(lossesInWords(screened)).toBe("");
});

test("a share is of the stage before, and the first has none", () => {
  expect(shareInWords(received)).toBe("");
  expect(shareInWords(screened)).toBe("50.0 %");
  expect(shareInWords({ ...screened, share: 1 })).toBe("100 %");
});
