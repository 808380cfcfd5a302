import { useQuery } from "@tanstack/react-query";
import { statisticsQuery } from "@/api/queries";
import type { Overall } from "@/api/wire";
import { useWallet } from "@/lib/session";
import { Card } from "@/ui/card";
import { Definition } from "@/ui/definition";
import { Failure } from "@/ui/failure";
import { Change } from "@/ui/figures";
import { Skeleton } from "@/ui/skeleton";
import { type Figure, figures, readingOf } from "./figures";

function Cell({ figure, overall }: { figure: Figure; overall: Overall }) {
  const { value, text, interval } = readingOf(figure, overall);
  return (
    <div className="flex min-w-0 flex-col gap-0.5 bg-surface px-3 py-2.5">
      <dt className="text-muted text-sm">
        <Definition text={figure.definition}>{figure.label}</Definition>
      </dt>
      <dd className="num font-semibold text-lg">
        {value === null && (
          <span className="whitespace-normal font-normal text-faint text-sm">{text}</span>
        )}
        {value !== null && figure.signed && <Change value={value} unit={figure.signed} />}
        {value !== null && !figure.signed && text}
      </dd>
      {interval && (
        <dd className="num text-faint text-xs" title="Bootstrap 95 % interval">
          95 %: {interval}
        </dd>
      )}
    </div>
  );
}

export function Statistics() {
  const query = useQuery(statisticsQuery(useWallet()));
  return (
    <Card title="Statistics">
      {query.isPending && <Skeleton label="Statistics load" rows={6} />}
      {query.isError && !query.data && (
        <Failure
          title="Your statistics could not be loaded"
          error={query.error}
          onRetry={query.refetch}
          busy={query.isFetching}
        />
      )}
      {query.data && (
        <dl className="grid grid-cols-2 gap-px bg-line sm:grid-cols-3 lg:grid-cols-6">
          {figures.map((figure) => (
            <Cell key={figure.key} figure={figure} overall={query.data} />
          ))}
        </dl>
      )}
    </Card>
  );
}
