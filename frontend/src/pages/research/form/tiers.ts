/** Targets as text: `30:33; 75:33` sells 33 % at +30 % and 33 % at +75 %. Pure. */
import { readNumber } from "@/lib/read-number";
import { shownNumber, storedNumber, type Tier, tierFaults } from "@/lib/settings/fields";
import type { Read } from "./values";

export const MOST_TIERS = 8;

export interface TierText {
  gain: string;
  portion: string;
}

/** The rows of a form; a half-written one stays as it is. */
export function rowsOf(text: string): TierText[] {
  if (text.trim() === "") return [];
  return text.split(";").map((part) => {
    const [gain = "", portion = ""] = part.split(":");
    return { gain: gain.trim(), portion: portion.trim() };
  });
}

export function textOf(rows: TierText[]): string {
  return rows.map(({ gain, portion }) => `${gain}:${portion}`).join("; ");
}

export function tiersText(tiers: Tier[]): string {
  const percent = (value: number) => String(shownNumber(value, "percent"));
  return textOf(
    tiers.map(([gain, portion]) => ({ gain: percent(gain), portion: percent(portion) })),
  );
}

/** The tiers as fractions; no text means no targets. */
export function readTiers(text: string): Read<Tier[]> {
  const rows = rowsOf(text);
  if (rows.length > MOST_TIERS) return { fault: `At most ${MOST_TIERS} targets` };
  const tiers = rows.map(
    ({ gain, portion }): Tier => [
      storedNumber(readNumber(gain), "percent"),
      storedNumber(readNumber(portion), "percent"),
    ],
  );
  if (tiers.some((tier) => tier.some(Number.isNaN))) {
    return { fault: "Write gain:portion in percent, such as 30:33; 75:33" };
  }
  const [fault] = Object.values(tierFaults(tiers));
  return fault === undefined ? { value: tiers } : { fault };
}

/** Several plans, one a line; a line `none` sells nothing early. */
export function readPlans(text: string): Read<Tier[][]> {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  if (lines.length === 0) return { fault: "Write one plan a line, such as 30:33; 75:33" };
  const plans: Tier[][] = [];
  for (const [index, line] of lines.entries()) {
    const read = readTiers(/^(none|off)$/i.test(line) ? "" : line);
    if (read.fault !== undefined) return { fault: `Line ${index + 1}: ${read.fault}` };
    plans.push(read.value);
  }
  return { value: plans };
}
