/** The exit plan of one open trade: tried first, then changed. */
import { thrown } from "./client";
import { changePlan, previewPlan } from "./generated/sdk.gen";
import type { PlanPreviewOut } from "./generated/types.gen";
import { data } from "./queries";
import type { ExitPlan, Position } from "./wire";

export type PlanPreview = PlanPreviewOut;

interface Wished {
  wallet: string;
  trade: number;
  exit: ExitPlan;
}

/** How the trade would stand; nothing is changed. */
export async function tryPlan({ wallet, trade, exit }: Wished): Promise<PlanPreview> {
  return await data(previewPlan({ path: { wallet, trade_id: trade }, body: { exit }, ...thrown }));
}

export async function writePlan({ wallet, trade, exit }: Wished): Promise<Position> {
  return await data(changePlan({ path: { wallet, trade_id: trade }, body: { exit }, ...thrown }));
}
