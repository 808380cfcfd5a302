import { useQuery } from "@tanstack/react-query";
import { RotateCcw, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { type ResetPlan, resetPlanQuery } from "@/api/wallets";
import { useWallet } from "@/lib/session";
import { formatMoment, parseTime } from "@/lib/time";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Failure } from "@/ui/failure";
import { Change, Sol } from "@/ui/figures";
import { Skeleton } from "@/ui/skeleton";
import { ResetDialog } from "./reset-dialog";

function Standing({ plan }: { plan: ResetPlan }) {
  return (
    <p className="flex flex-wrap gap-x-3 text-sm">
      <span>
        <Sol value={plan.total_value} /> SOL now
      </span>
      <span className="inline-flex gap-1">
        <Change value={plan.overall_pnl} /> since{" "}
        {plan.reset_at === null
          ? "the wallet began"
          : `the reset of ${formatMoment(parseTime(plan.reset_at))}`}
      </span>
    </p>
  );
}

function Reset({ plan }: { plan: ResetPlan }) {
  const [isAsked, setIsAsked] = useState(false);
  return (
    <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
      <div className="flex min-w-60 flex-1 flex-col gap-1">
        <h3 className="font-medium">Reset paper wallet</h3>
        <p className="text-muted">
          {plan.allowed
            ? "Begin again with fresh play money: the same key and settings, and nothing of the record is lost."
            : "Only a wallet of play money can begin again. This one holds real money."}
        </p>
        <Standing plan={plan} />
      </div>
      {plan.allowed && (
        <Button look="danger" aria-haspopup="dialog" onClick={() => setIsAsked(true)}>
          <RotateCcw size={14} aria-hidden="true" />
          Reset paper wallet
        </Button>
      )}
      {isAsked && <ResetDialog plan={plan} onClose={() => setIsAsked(false)} />}
    </div>
  );
}

/** What cannot be taken back. */
export function DangerZone() {
  const query = useQuery(resetPlanQuery(useWallet()));
  return (
    <Card
      title={
        <span className="inline-flex items-center gap-1.5">
          <TriangleAlert size={14} aria-hidden="true" className="text-down" />
          Danger zone
        </span>
      }
      className="p-3"
    >
      {query.isPending && <Skeleton rows={3} label="Loading the wallet" />}
      {query.isError && !query.data && (
        <Failure
          title="The wallet could not be loaded"
          error={query.error}
          onRetry={query.refetch}
          busy={query.isFetching}
        />
      )}
      {query.data && <Reset plan={query.data} />}
    </Card>
  );
}
