/** What the stages of the funnel are called, and what they mean. Pure. */
import type { Funnel } from "@/api/signals";
import { formatCount, formatPercent } from "@/lib/format";
import { inWords } from "@/lib/reasons";

export type Stage = Funnel["stages"][number];
export type Loss = Stage["lost"][number];

export const stages: Record<Stage["stage"], { title: string; definition: string }> = {
  received: {
    title: "Received",
    definition: "Signals that came in: several tracked wallets bought the same token at once.",
  },
  screened: {
    title: "Screened",
    definition: "The token and a pool to trade it in were found.",
  },
  sentiment: {
    title: "Sentiment passed",
    definition: "Enough people talk about it, and well enough. From here on it is watched.",
  },
  confirmed: {
    title: "Confirmed",
    definition: "A strategy of yours said yes, so that your limits were asked.",
  },
  bought: { title: "Bought", definition: "Your wallet bought on it." },
  won: {
    title: "Won",
    definition: "Your trades on it have ended with a profit, all together.",
  },
};

const words: Record<string, string> = {
  screening: "Being screened",
  monitoring: "Waiting for an entry",
  open: "Still open",
  lost: "Ended with a loss",
  drew: "Came out even",
};

export function lossInWords({ reason }: Pick<Loss, "reason">): string {
  return words[reason] ?? inWords(reason);
}

/** How long a stage's bar is, of the first stage. */
export function widthOf(stage: Stage, all: Stage[]): number {
  const first = all[0]?.signals ?? 0;
  return first === 0 ? 0 : stage.signals / first;
}

export function shareInWords({ share }: Stage): string {
  return share === null ? "" : formatPercent(100 * share, share === 0 || share === 1 ? 0 : 1);
}

/** All that stopped signals at a stage, in one line for the table. */
export function lossesInWords({ lost }: Stage): string {
  return lost.map((loss) => `${lossInWords(loss)} ${formatCount(loss.signals)}`).join(", ");
}
