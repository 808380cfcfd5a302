import { expect, test } from "vitest";
import type { Savings } from "@/api/analytics";
import { verdictOf } from "./words";

const total = (changes: Partial<Savings>) =>
  ({ skipped: 40, won: 5, lost: 15, drew: 0, saved_sol: 0.5, ...changes }) as Savings;

test("a verdict needs results, and says which way it went", () => {
  expect(verdictOf(total({}))).toBe("All filters together saved 0.5000 SOL.");
  expect(verdictOf(total({ saved_sol: -2 }))).toBe("All filters together cost 2.0000 SOL.");
  expect(verdictOf(total({ won: 1, lost: 2 }))).toBe("3 results: too few to tell.");
  expect(verdictOf(total({ won: 0, lost: 0 }))).toMatch(/^None of them can be reckoned yet/);
  expect(verdictOf(total({ skipped: 0 }))).toBe("Nothing was skipped.");
});
