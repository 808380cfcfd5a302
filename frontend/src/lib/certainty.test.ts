import { expect, test } from "vitest";
import { wilson } from "./certainty";

test("the interval of a share is wide for few and narrow for many", () => {
  expect(wilson(5, 10)).toEqual({
    low: expect.closeTo(0.2366, 3),
    high: expect.closeTo(0.7634, 3),
  });
  expect(wilson(5_000, 10_000)?.high).toBeCloseTo(0.5098, 3);
  expect(wilson(0, 20)?.low).toBeCloseTo(0);
  expect(wilson(20, 20)?.high).toBeCloseTo(1);
  expect(wilson(0, 0)).toBeNull();
});
