import { describe, expect, test } from "vitest";
import { consequences, drawInWords, isConfirmed, readBeginning } from "./beginning";
import { plan } from "./samples";

describe("what to begin with", () => {
  test.each([
    ["", null],
    ["  ", null],
    ["1", 1],
    ["12,5", 12.5],
    ["1 000", 1000],
  ])("%j is sent as %s", (text, sol) => {
    expect(readBeginning(text, plan)).toEqual({ sol });
  });

  test.each([
    ["ten", "Must be a number"],
    ["0.99", "Must be from 1 to 1,000"],
    ["-5", "Must be from 1 to 1,000"],
    ["1000.01", "Must be from 1 to 1,000"],
    ["1e9", "Must be from 1 to 1,000"],
  ])("%j is refused", (text, fault) => {
    expect(readBeginning(text, plan)).toEqual({ fault });
  });
});

test("the word must be typed whole", () => {
  expect([" reset ", "RESET"].every(isConfirmed)).toBe(true);
  expect(["", "rese", "reset now"].some(isConfirmed)).toBe(false);
});

test("what will happen is said in this wallet's numbers", () => {
  expect(drawInWords(plan)).toBe("10 to 20");
  expect(consequences(plan)[0]).toBe(
    "Your 3 open positions are sold at their last prices, worth 0.5900 SOL now.",
  );
  expect(consequences(plan).at(-1)).toBe("Your key, settings and 2 shadows stay as they are.");
  const other = { ...plan, open_positions: 1, shadows: 0 };
  expect(consequences(other)[0]).toContain("Your open position is sold");
  expect(consequences(other).at(-1)).toBe("Your key and settings stay as they are.");
  expect(consequences({ ...plan, open_positions: 0 })[0]).toContain("Nothing is sold");
});
