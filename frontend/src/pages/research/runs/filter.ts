/** Which of the runs are listed. Pure. */
import type { Run, RunKind, RunStatus } from "@/api/research";
import { kindsInWords, titleOf, tokensOf } from "../titles";

export interface KindedRun extends Run {
  kind: RunKind;
}

export interface RunFilter {
  text: string;
  kind: "" | RunKind;
  status: "" | RunStatus;
}

export const everyRun: RunFilter = { text: "", kind: "", status: "" };

/** Both kinds in one list, the newest first. */
export function joined(backtests: Run[], sweeps: Run[]): KindedRun[] {
  const all = [
    ...backtests.map((run): KindedRun => ({ ...run, kind: "backtest" })),
    ...sweeps.map((run): KindedRun => ({ ...run, kind: "sweep" })),
  ];
  return all.sort((one, other) => other.created_at.localeCompare(one.created_at));
}

export function filtered(runs: KindedRun[], filter: RunFilter): KindedRun[] {
  const text = filter.text.trim().toLowerCase();
  return runs.filter((run) => {
    if (filter.kind !== "" && run.kind !== filter.kind) return false;
    if (filter.status !== "" && run.status !== filter.status) return false;
    const words = [titleOf(run), kindsInWords[run.kind], ...tokensOf(run)].join(" ");
    return words.toLowerCase().includes(text);
  });
}

/** How many of one's own runs are computed before this one. */
export function aheadOf(run: Pick<Run, "id" | "created_at" | "status">, runs: Run[]): number {
  if (run.status !== "queued") return 0;
  return runs.filter(
    (other) =>
      other.id !== run.id &&
      (other.status === "running" ||
        (other.status === "queued" && other.created_at < run.created_at)),
  ).length;
}
