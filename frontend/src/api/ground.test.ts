import { expect, test } from "vitest";
import { ruleFor } from "./ground";
import { token } from "./samples";
import type { SettingState } from "./wire";

const written = { settings: {} } as SettingState;
const removed = { settings: null } as SettingState;
const rule = (settings: Record<string, SettingState>) => ruleFor({ settings }, token);

test("a token follows its mint, else its symbol, else every token", () => {
  expect(rule({ "*": written })).toBeNull();
  expect(rule({ "*": written, WIF: written, BONKERS: written })).toBeNull();
  expect(rule({ "*": written, "bonk-SOL": written })).toBe("bonk-SOL");
  expect(rule({ BONK: written, "BONK-USDC": written })).toBe("BONK-USDC");
  expect(rule({ BONK: written, [token.address]: written })).toBe(token.address);
  expect(rule({ BONK: written, [token.address]: removed })).toBe("BONK");
});
