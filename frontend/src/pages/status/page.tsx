import { useQuery } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { useCallback } from "react";
import { useLive } from "@/api/live";
import { type Status, statusQuery } from "@/api/status";
import { Panels } from "@/app/panels";
import { useNow } from "@/lib/clock";
import { shortAddress } from "@/lib/format";
import { cleanText } from "@/lib/text";
import { formatClock, parseTime } from "@/lib/time";
import { Card } from "@/ui/card";
import { Failure } from "@/ui/failure";
import { Skeleton } from "@/ui/skeleton";
import { judge } from "./health";
import { KeyFigures } from "./key-figures";
import { EngineFacts, MarketFacts, ProcessFacts, RecordFacts } from "./parts";
import { PulseCharts } from "./pulse-charts";
import { Hosts, Services } from "./services";
import { Tasks } from "./tasks";
import { Silence, Verdict } from "./verdict";

/** What a token is called where the trading page knows it. */
function useNames(): (token: string) => string {
  const summaries = useLive((state) => state.summaries);
  return useCallback(
    (address) => {
      const known = summaries?.find((it) => it.token.address === address)?.token.symbol;
      return known ? cleanText(known, 24) : shortAddress(address);
    },
    [summaries],
  );
}

/** Worth knowing, and no fault of what runs. */
function Notice({ children }: { children: string }) {
  return (
    <p className="flex items-start gap-2 rounded-lg border border-line bg-surface px-3 py-2 text-muted">
      <TriangleAlert size={16} aria-hidden="true" className="mt-0.5 shrink-0 text-warn" />
      <span>{children}</span>
    </p>
  );
}

interface BodyProps {
  status: Status;
  /** Now by the platform's clock: ages are not wrong because this device's clock is. */
  at: number;
  nameOf: (token: string) => string;
}

function Body({ status, at, nameOf }: BodyProps) {
  return (
    <>
      <KeyFigures status={status} at={at} nameOf={nameOf} />
      <PulseCharts />
      <div className="grid grid-cols-1 items-start gap-3 lg:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-3">
          <Services services={status.services} at={at} />
          <Hosts hosts={status.hosts} at={at} />
        </div>
        <Tasks tasks={status.tasks} at={at} />
      </div>
      <div className="grid grid-cols-1 items-stretch gap-3 sm:grid-cols-2 xl:grid-cols-4">
        <EngineFacts status={status} at={at} />
        <MarketFacts status={status} at={at} nameOf={nameOf} />
        <RecordFacts status={status} />
        <ProcessFacts status={status} />
      </div>
      {status.database.warning !== null && <Notice>{status.database.warning}</Notice>}
    </>
  );
}

/** Whether the platform is healthy, at one glance, and then every part of it. */
export function StatusPage() {
  const query = useQuery(statusQuery);
  const now = useNow();
  const nameOf = useNames();
  const { data: status, dataUpdatedAt, isError } = query;
  // What it told grows no older while it does not answer: nobody knows how it is now.
  const passed = isError ? 0 : Math.max(0, now - dataUpdatedAt);
  const at = status === undefined ? 0 : parseTime(status.at) + passed;
  const retry = () => void query.refetch();
  return (
    <main className="mx-auto flex w-full max-w-6xl flex-1 flex-col gap-3 p-3">
      <h1 className="sr-only">Status</h1>
      {status === undefined && !isError && (
        <Card title="Status">
          <Skeleton label="The status loads" rows={10} />
        </Card>
      )}
      {status === undefined && isError && (
        <Card title="Status">
          <Failure
            title="The status could not be loaded"
            error={query.error}
            onRetry={retry}
            busy={query.isFetching}
          />
        </Card>
      )}
      {status !== undefined && isError && (
        <Silence
          error={query.error}
          since={dataUpdatedAt}
          onRetry={retry}
          isAsking={query.isFetching}
        />
      )}
      {status !== undefined && !isError && (
        <Verdict health={judge(status, at, nameOf)} status={status} at={at} />
      )}
      {status !== undefined && (
        <div className={isError ? "flex flex-col gap-3 grayscale" : "contents"}>
          {isError && (
            <p className="text-muted text-sm">As it was at {formatClock(dataUpdatedAt)}:</p>
          )}
          <Body status={status} at={at} nameOf={nameOf} />
        </div>
      )}
      <Panels page="status" place="sections" />
    </main>
  );
}
