import { useQuery } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { useMemo, useState } from "react";
import { tradeWhatIf, tradeWhatIfMap } from "@/api/what-if";
import type { TradeDetail } from "@/api/wire";
import { useWallet } from "@/lib/session";
import { planOf } from "@/lib/settings/plan";
import { Button } from "@/ui/button";
import { Failure } from "@/ui/failure";
import { Skeleton } from "@/ui/skeleton";
import { Outcome, type Result, wordsOfEnd } from "./outcome";
import { PathChart } from "./path-chart";
import { axesOf, samePlan } from "./plan";
import { gridOf, PlanMap } from "./plan-map";
import { PlanSliders } from "./plan-sliders";
import { linesOf, marksOf, pointsOf } from "./scene";
import { UsePlan } from "./use-plan";
import { useSettled } from "./use-settled";

const PAUSE = 80;
const LONG_PAUSE = 300;
const LATER = 4_000;

interface Led {
  pnl_sol: number;
  pnl_percent: number;
  exit_reason: string | null;
  still_open: boolean;
}

function resultOf(led: Led | undefined): Result | null {
  if (!led) return null;
  const words = wordsOfEnd(led.exit_reason, led.still_open);
  return { pnl: led.pnl_sol, percent: led.pnl_percent, words };
}

/** The trade's prices with its sales, and what another plan would have made of them. */
export function WhatIf({ trade, name }: { trade: TradeDetail; name: string }) {
  const wallet = useWallet();
  const recordedPlan = useMemo(() => planOf(trade.exit_plan), [trade.exit_plan]);
  const [plan, setPlan] = useState(recordedPlan);
  const asked = useSettled(plan, PAUSE);
  const query = useQuery({
    ...tradeWhatIf(wallet, trade.id, asked),
    // While the plan would still hold, each new price can end it.
    refetchInterval: ({ state }) => (state.data?.results[0]?.still_open ? LATER : false),
  });
  const axes = useMemo(() => axesOf(recordedPlan), [recordedPlan]);
  const grid = useSettled(plan, LONG_PAUSE);
  const map = useQuery({
    ...tradeWhatIfMap(wallet, trade.id, gridOf(grid, axes)),
    enabled: query.isSuccess,
  });
  const isOwn = samePlan(plan, recordedPlan);
  const tried = query.data?.results[0];
  const path = query.data?.path;
  const points = useMemo(() => pointsOf(path ?? []), [path]);
  const scene = useMemo(
    () => ({
      points,
      lines: linesOf(trade.entry_price, plan),
      marks: marksOf(points, trade.fills, isOwn ? null : (tried?.fills ?? null)),
    }),
    [points, plan, trade, isOwn, tried],
  );
  // As high as the chart, the figures and the map, so that what is below stays where it is.
  if (query.isPending) return <Skeleton label="The prices load" rows={22} />;
  if (!query.data) {
    return (
      <Failure
        title="The prices of this trade could not be loaded"
        error={query.error}
        onRetry={query.refetch}
        busy={query.isFetching}
      />
    );
  }
  return (
    // On a phone the chart stays in sight while the sliders below it move.
    <div className="flex min-w-0 flex-col gap-4 lg:grid lg:grid-cols-[minmax(0,1fr)_18rem] lg:grid-rows-[auto_auto_1fr]">
      <div className="top-0 z-10 shrink-0 overflow-clip rounded-lg border border-line bg-surface max-lg:not-has-[details[open]]:sticky">
        <PathChart scene={scene} label={`Prices of ${name} while the trade was open`} />
      </div>
      <div className="min-w-0">
        <Outcome
          recorded={resultOf(query.data.recorded)}
          tried={resultOf(tried)}
          isWaiting={query.isFetching || plan !== asked}
        />
        {query.isError && (
          <p role="alert" className="text-down text-sm">
            The plan could not be tried. {query.error.message}
          </p>
        )}
      </div>
      <section
        aria-label="What if"
        className="flex min-w-0 flex-col gap-3 lg:sticky lg:top-0 lg:col-start-2 lg:row-span-3 lg:row-start-1 lg:self-start"
      >
        <header className="flex items-center justify-between gap-2">
          <h3 className="font-semibold">What if…</h3>
          <Button size="small" look="quiet" disabled={isOwn} onClick={() => setPlan(recordedPlan)}>
            <RotateCcw size={13} aria-hidden="true" />
            As it was
          </Button>
        </header>
        <PlanSliders plan={plan} onChange={setPlan} />
        <UsePlan token={trade.token} plan={plan} />
        <p className="text-faint text-sm">
          Entry and size stay as they were. Circles mark where this plan would have sold; sales by
          hand count in the record only.
        </p>
      </section>
      <section aria-label="Map of plans" className="min-w-0">
        <h3 className="mb-1 font-semibold">Stop loss and trailing stop</h3>
        <PlanMap
          axes={axes}
          query={map}
          plan={plan}
          recorded={query.data.recorded.pnl_sol}
          onPick={setPlan}
        />
      </section>
    </div>
  );
}
