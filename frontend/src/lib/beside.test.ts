import { expect, test } from "vitest";
import { placeBeside } from "./beside";

const view = { width: 1000, height: 600 };
const box = { width: 200, height: 100 };
const button = { left: 500, top: 300, width: 60, height: 20 };

test("it stands on the side that is wished, along the edge that is wished", () => {
  expect(placeBeside(button, box, view, { side: "bottom", align: "start" })).toEqual({
    left: 500,
    top: 326,
  });
  expect(placeBeside(button, box, view, { side: "top", align: "end" })).toEqual({
    left: 360,
    top: 194,
  });
  expect(placeBeside(button, box, view, { side: "bottom", align: "centre" }).left).toBe(430);
});

test("without room it stands on the other side", () => {
  const low = { ...button, top: 560 };
  expect(placeBeside(low, box, view, { side: "bottom", align: "start" }).top).toBe(454);
  const high = { ...button, top: 10 };
  expect(placeBeside(high, box, view, { side: "top", align: "start" }).top).toBe(36);
});

test("it never leaves the window", () => {
  const right = { ...button, left: 980 };
  expect(placeBeside(right, box, view, { side: "bottom", align: "start" }).left).toBe(792);
  const left = { ...button, left: 0 };
  expect(placeBeside(left, box, view, { side: "bottom", align: "end" }).left).toBe(8);
  const small = { width: 320, height: 110 };
  expect(placeBeside(button, box, small, { side: "bottom", align: "start" }).top).toBe(8);
});
