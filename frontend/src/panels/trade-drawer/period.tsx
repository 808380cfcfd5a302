import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { effectiveFor, useWishes } from "@/api/ground";
import { perTokenQuery } from "@/api/queries";
import { ANY_SYMBOL } from "@/api/settings";
import { periodWhatIf, periodWhatIfMap } from "@/api/what-if";
import type { PeriodSearch } from "@/lib/drawers";
import { shortAddress } from "@/lib/format";
import { inWords } from "@/lib/reasons";
import { useWallet } from "@/lib/session";
import { type Plan, planOf } from "@/lib/settings/plan";
import { cleanText } from "@/lib/text";
import { formatTime, parseTime } from "@/lib/time";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Empty } from "@/ui/empty";
import { Failure } from "@/ui/failure";
import { Skeleton } from "@/ui/skeleton";
import { Outcome } from "./outcome";
import { axesOf, samePlan } from "./plan";
import { gridOf, PlanMap } from "./plan-map";
import { PlanSliders } from "./plan-sliders";
import { Skipped, type Total, Totals } from "./totals";
import { UsePlan } from "./use-plan";
import { useSettled } from "./use-settled";

const PAUSE = 200;
const LONG_PAUSE = 500;
const MOST_KEPT = 8;

function About({ period }: { period: PeriodSearch }) {
  const tokens = useQuery(perTokenQuery(useWallet()));
  const symbol = tokens.data?.items.find((group) => group.key === period.token)?.symbol;
  const day = (text: string) => formatTime(parseTime(text), { dateStyle: "medium" });
  const parts = [
    period.token && cleanText(symbol ?? shortAddress(period.token), 24),
    period.strategy && inWords(period.strategy),
    period.from && `from ${day(period.from)}`,
    period.to && `before ${day(period.to)}`,
  ].filter(Boolean);
  return (
    <p className="flex flex-wrap items-center gap-2 text-muted">
      Trades:
      {parts.length === 0 ? <Badge>all of them</Badge> : null}
      {parts.map((part) => (
        <Badge key={part}>{part}</Badge>
      ))}
    </p>
  );
}

const wordsOf = ({ trades, still_open }: { trades: number; still_open: number }) =>
  `${trades} trades${still_open > 0 ? `, ${still_open} still open` : ""}`;

/** All trades of a period under other plans: totals plan by plan. */
function Body({ period, start }: { period: PeriodSearch; start: Plan }) {
  const wallet = useWallet();
  const [plan, setPlan] = useState(start);
  const [kept, setKept] = useState<Plan[]>([start]);
  const asked = useSettled(plan, PAUSE);
  const isKept = kept.some((it) => samePlan(it, plan));
  const query = useQuery(periodWhatIf(wallet, period, [asked, ...kept]));
  const axes = useMemo(() => axesOf(start), [start]);
  const grid = useSettled(plan, LONG_PAUSE);
  const found = query.data;
  const map = useQuery({
    ...periodWhatIfMap(wallet, period, gridOf(grid, axes)),
    enabled: found !== undefined && found.recorded.trades > 0,
  });
  if (query.isPending) return <Skeleton label="The trades are led again" rows={10} />;
  if (!found) {
    return (
      <Failure
        title="The trades could not be led again"
        error={query.error}
        onRetry={query.refetch}
        busy={query.isFetching}
      />
    );
  }
  const { recorded } = found;
  if (recorded.trades === 0) {
    return (
      <>
        <Empty title="No trade to lead again">
          What-if needs trades whose prices are still kept. Loosen the filters of the history.
        </Empty>
        <Skipped skipped={found.skipped} />
      </>
    );
  }
  const [tried, ...others] = found.results;
  const rows: Total[] = others.map((total, index) => ({
    total,
    title: index === 0 ? "Your settings now" : `Plan ${index}`,
    onRemove: index === 0 ? null : () => setKept(kept.filter((_, place) => place !== index)),
    onShow: () => setPlan(planOf(total.plan)),
  }));
  return (
    <div className="grid min-w-0 grid-cols-1 gap-4 lg:grid-cols-[minmax(0,1fr)_18rem]">
      <div className="flex min-w-0 flex-col gap-4">
        <Outcome
          recorded={{ pnl: recorded.pnl_sol, words: wordsOf(recorded) }}
          tried={tried ? { pnl: tried.pnl_sol, words: wordsOf(tried) } : null}
          isWaiting={query.isFetching || plan !== asked}
        />
        <Totals recorded={recorded} rows={rows} />
        <Skipped skipped={found.skipped} />
        <section aria-label="Map of plans">
          <h3 className="mb-1 font-semibold">Stop loss and trailing stop</h3>
          <PlanMap
            axes={axes}
            query={map}
            plan={plan}
            recorded={recorded.pnl_sol}
            onPick={setPlan}
          />
        </section>
      </div>
      <section
        aria-label="What if"
        className="flex min-w-0 flex-col gap-3 lg:sticky lg:top-0 lg:self-start"
      >
        <header className="flex items-center justify-between gap-2">
          <h3 className="font-semibold">What if…</h3>
          <Button
            size="small"
            disabled={isKept || kept.length >= MOST_KEPT}
            onClick={() => setKept([...kept, plan])}
          >
            Keep in the table
          </Button>
        </header>
        <PlanSliders plan={plan} onChange={setPlan} />
        <UsePlan token={null} plan={plan} />
        <p className="text-faint text-sm">
          Entries and sizes stay as they were, so the figures say what the plan alone would have
          changed.
        </p>
      </section>
    </div>
  );
}

interface PeriodDrawerProps {
  period: PeriodSearch;
  onClose: () => void;
}

export function PeriodDrawer({ period, onClose }: PeriodDrawerProps) {
  const { wishes, error, isFetching, retry } = useWishes(useWallet());
  const start = useMemo(
    () => (wishes ? planOf(effectiveFor(wishes, ANY_SYMBOL).exit) : null),
    [wishes],
  );
  return (
    <Dialog open side wide onClose={onClose} title="What other plans would have made">
      <div className="flex flex-col gap-4">
        <About period={period} />
        {start && <Body key={JSON.stringify(period)} period={period} start={start} />}
        {!start && error && (
          <Failure
            title="Your settings could not be loaded"
            error={error}
            onRetry={retry}
            busy={isFetching}
          />
        )}
        {!start && !error && <Skeleton label="Your settings load" rows={8} />}
      </div>
    </Dialog>
  );
}
