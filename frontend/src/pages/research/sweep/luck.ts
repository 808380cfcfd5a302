/** How likely the best of many is luck, in words. Pure. */
import type { Luck, SweepRow } from "@/api/research";
import { formatCount, formatNumber, formatPercent } from "@/lib/format";
import type { Measure } from "./measures";

export type Verdict = "luck" | "doubt" | "skill" | "unknown";

const SURE = 0.95;
const RARE = 0.05;
const EVEN = 0.5;

/**
 * Not explained by luck alone: both tests pass at 5 %. Probably luck: one of them finds it at least
 * as likely as not.
 */
export function verdictOf({ deflated_sharpe: deflated, beaten_by_chance: beaten }: Luck): Verdict {
  if (beaten === null) return "unknown";
  if (beaten <= RARE && (deflated ?? 1) >= SURE) return "skill";
  if (beaten >= EVEN || (deflated !== null && deflated < EVEN)) return "luck";
  return "doubt";
}

export const verdicts: Record<Verdict, string> = {
  luck: "Probably luck",
  doubt: "It could be luck",
  skill: "Not explained by luck alone",
  unknown: "Nothing can be said about luck",
};

const ratio = (value: number) => formatNumber(Number(value.toFixed(2)));

/** A share so small that none was seen is not zero. */
function often(share: number): string {
  if (share === 0) return "in none of 500 cases";
  return `in ${formatPercent(100 * share)} of all cases`;
}

export function sentencesOf(luck: Luck): string[] {
  const tried = `${formatCount(luck.combinations)} ${luck.combinations === 1 ? "set was" : "sets were"} tried over ${formatCount(luck.days)} ${luck.days === 1 ? "day" : "days"}.`;
  const { best_sharpe: best, expected_best_sharpe: chance } = luck;
  if (best === null || chance === null || luck.beaten_by_chance === null) {
    return [
      tried,
      "Without ten days and a best set that traded on them, chance cannot be told from skill.",
    ];
  }
  const sentences = [
    tried,
    `The best of them has a Sharpe of ${ratio(best)}; the best of so many without any skill would show ${ratio(chance)}.`,
    `In worlds where no set has any skill, the best is at least as good ${often(luck.beaten_by_chance)}.`,
  ];
  if (luck.deflated_sharpe !== null) {
    const sure = formatPercent(100 * luck.deflated_sharpe);
    sentences.push(`The deflated Sharpe ratio gives it ${sure} to be better than that luck.`);
  }
  return sentences;
}

const LEADERS = 10;

/** How many of the best in the sample also did well out of it: plainer than any test. */
export function keptOf(
  rows: SweepRow[],
  measure: Measure,
): { leaders: number; kept: number } | null {
  const centre = measure.centre;
  const leaders = rows.slice(0, LEADERS).filter((row) => row.outside !== null);
  if (centre === null || leaders.length === 0) return null;
  const kept = leaders.filter(({ outside }) => {
    const value = outside && measure.read(outside);
    return value !== null && value > centre;
  });
  return { leaders: leaders.length, kept: kept.length };
}
