import { useQuery } from "@tanstack/react-query";
import { type Decision, signalDecisionsQuery, skipQuery } from "@/api/signals";
import { useDrawers } from "@/lib/drawers";
import { inWords } from "@/lib/reasons";
import { useWallet } from "@/lib/session";
import { formatDuration, parseTime } from "@/lib/time";
import { Ago } from "@/ui/ago";
import { Button } from "@/ui/button";
import { Failure } from "@/ui/failure";
import { Change, Sol } from "@/ui/figures";
import { Skeleton } from "@/ui/skeleton";
import { Steps } from "@/ui/steps";
import { decisionInWords, inOrder, timesOf, wouldHaveInWords } from "./telling";

interface DecisionItemProps {
  decision: Decision;
  isOpen: boolean;
  hasBought: boolean;
}

function DecisionItem({ decision, isOpen, hasBought }: DecisionItemProps) {
  const { openTrade } = useDrawers();
  const { trade_id: trade } = decision;
  return (
    <li className="border-line border-b py-2 last:border-b-0">
      <div className="flex items-center justify-between gap-3">
        <p className="min-w-0">
          <span className="font-medium">{decisionInWords(decision, hasBought)}</span>{" "}
          <Ago at={parseTime(decision.at)} className="num text-faint text-sm" />
        </p>
        {trade !== null && (
          <Button size="small" onClick={() => openTrade(trade)}>
            Trade {trade}
          </Button>
        )}
      </div>
      {decision.why.length > 0 && (
        <details open={isOpen} className="text-sm">
          <summary className="w-fit text-muted hover:text-text">Every value and limit</summary>
          <Steps steps={decision.why} />
        </details>
      )}
    </li>
  );
}

function WouldHave({ signal, decisions }: { signal: number; decisions: Decision[] }) {
  const times = timesOf(decisions);
  const query = useQuery(skipQuery(useWallet(), signal, times));
  const skip = query.data;
  if (times.length === 0 || query.data === null) return null;
  const seen = skip?.would_have;
  const took =
    seen?.entry_time && seen.exit_time
      ? formatDuration(parseTime(seen.exit_time) - parseTime(seen.entry_time))
      : null;
  return (
    <section
      aria-label="Had you bought"
      className="rounded-lg border border-line bg-raised px-3 py-2"
    >
      <h4 className="font-medium text-sm">Had you bought</h4>
      {query.isPending && <Skeleton label="What it would have made loads" rows={1} />}
      {query.isError && (
        <Failure
          title="That could not be worked out"
          error={query.error}
          onRetry={query.refetch}
          busy={query.isFetching}
        />
      )}
      {skip && seen && (
        <>
          <p className="flex flex-wrap items-baseline gap-x-3 text-muted">
            {seen.pnl_sol !== null && (
              <Change value={seen.pnl_sol} className="font-semibold text-lg" />
            )}
            <span>{wouldHaveInWords(skip)}</span>
          </p>
          <p className="text-faint text-sm">
            Stopped by {inWords(skip.filter).toLowerCase()}; with <Sol value={skip.spend_sol} /> SOL
            under your own exit plan{took && `, held for ${took}`}.
          </p>
        </>
      )}
    </section>
  );
}

/** What this wallet did with the signal, or what it missed. */
export function OwnPart({ signal }: { signal: number }) {
  const query = useQuery(signalDecisionsQuery(useWallet(), signal));
  const decisions = query.data?.items;
  return (
    <section aria-labelledby="story-own" className="flex flex-col gap-2">
      <h3 id="story-own" className="font-semibold">
        What your wallet did with it
      </h3>
      {query.isPending && <Skeleton label="Your decisions load" rows={3} />}
      {query.isError && !decisions && (
        <Failure
          title="Your decisions could not be loaded"
          error={query.error}
          onRetry={query.refetch}
          busy={query.isFetching}
        />
      )}
      {decisions?.length === 0 && (
        <p className="text-muted text-sm">
          Nothing: it came before your wallet joined, or nothing had to be decided yet.
        </p>
      )}
      {decisions && decisions.length > 0 && (
        <>
          <WouldHave signal={signal} decisions={decisions} />
          <ul>
            {inOrder(decisions).map((decision, place) => (
              <DecisionItem
                key={`${decision.evaluation_id}/${decision.trade_id}`}
                decision={decision}
                isOpen={place === 0}
                hasBought={decisions.some(({ verdict }) => verdict === "taken")}
              />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
