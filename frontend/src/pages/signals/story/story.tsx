import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { signalQuery } from "@/api/queries";
import type { Signal } from "@/api/wire";
import { formatCount, shortAddress } from "@/lib/format";
import { select } from "@/lib/selection";
import { cleanText } from "@/lib/text";
import { formatDuration, formatFull, formatMoment, parseTime } from "@/lib/time";
import { Ago } from "@/ui/ago";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy-button";
import { Dialog } from "@/ui/dialog";
import { ErrorBoundary } from "@/ui/error-boundary";
import { Failure } from "@/ui/failure";
import { Skeleton } from "@/ui/skeleton";
import { Steps } from "@/ui/steps";
import { nameOf, standingOf, tones } from "../list/signal-row";
import { Evaluations } from "./evaluations";
import { OwnPart } from "./own";

const LIVELY = 3_000;

function Item({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col">
      <dt className="text-faint text-sm">{title}</dt>
      <dd className="min-w-0 truncate">{children}</dd>
    </div>
  );
}

function Moment({ at }: { at: string }) {
  const time = parseTime(at);
  return (
    <time dateTime={at} title={formatFull(time)} className="num">
      {formatMoment(time)}
    </time>
  );
}

function delay(from: string, to: string): string {
  const milliseconds = parseTime(to) - parseTime(from);
  return milliseconds < 1_000 ? `${milliseconds} ms` : formatDuration(milliseconds);
}

function CameIn({ signal }: { signal: Signal }) {
  const { address } = signal.token;
  return (
    <section aria-labelledby="story-came">
      <h3 id="story-came" className="mb-1 font-semibold">
        What came in
      </h3>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-2 sm:grid-cols-3">
        <Item title="Triggered">
          <Moment at={signal.triggered_at} />
        </Item>
        <Item title="Reached us after">
          <span className="num">{delay(signal.triggered_at, signal.received_at)}</span>
        </Item>
        <Item title="Wallets that bought it">
          <span className="num">{formatCount(signal.unique_wallets)}</span>
        </Item>
        <Item title="Source">{cleanText(signal.source, 80)}</Item>
        <Item title="Token">
          <span className="flex items-center">
            <span className="font-mono text-sm" title={address}>
              {shortAddress(address)}
            </span>
            <CopyButton text={address} label="Copy the token's address" />
          </span>
        </Item>
        {signal.ended_at !== null && (
          <Item title="Ended after">
            <span className="num">{delay(signal.triggered_at, signal.ended_at)}</span>
          </Item>
        )}
      </dl>
    </section>
  );
}

function Body({ signal }: { signal: Signal }) {
  const navigate = useNavigate();
  const show = () => {
    select({ token: signal.token, signal: signal.id });
    navigate({ to: "/" });
  };
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Badge tone={tones[signal.status]}>{signal.status}</Badge>
        <span>{standingOf(signal)}</span>
        <Ago at={parseTime(signal.triggered_at)} className="num text-faint text-sm" />
        <Button size="small" className="ml-auto" onClick={show}>
          Show the chart
        </Button>
      </div>
      <CameIn signal={signal} />
      <section aria-labelledby="story-screening">
        <h3 id="story-screening" className="mb-1 font-semibold">
          Screening
        </h3>
        <Steps steps={signal.screening} />
      </section>
      <ErrorBoundary title="What your wallet did">
        <OwnPart signal={signal.id} />
      </ErrorBoundary>
      <Evaluations evaluations={signal.evaluations} />
    </div>
  );
}

/** A signal's whole story, beside the list. */
export function Story({ id, onClose }: { id: number; onClose: () => void }) {
  const query = useQuery({
    ...signalQuery(id),
    // It goes on while somebody looks.
    refetchInterval: ({ state }) => (state.data?.ended_at === null ? LIVELY : false),
  });
  const signal = query.data;
  const title = signal ? `${nameOf(signal)}, signal ${id}` : `Signal ${id}`;
  return (
    <Dialog open side onClose={onClose} title={title}>
      {query.isPending && <Skeleton label="The signal loads" rows={10} />}
      {query.isError && !signal && (
        <Failure
          title="The signal could not be loaded"
          error={query.error}
          onRetry={query.refetch}
          busy={query.isFetching}
        />
      )}
      {signal && <Body signal={signal} />}
    </Dialog>
  );
}
