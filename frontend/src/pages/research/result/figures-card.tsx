import { useQuery } from "@tanstack/react-query";
import { definitionsQuery } from "@/api/research";
import type { Overall } from "@/api/wire";
import { Card } from "@/ui/card";
import { Failure } from "@/ui/failure";
import { Skeleton } from "@/ui/skeleton";
import { FigureCell } from "./figure-cell";
import { readingOf, readingsOf } from "./statistics";

const main = [
  "net_pnl_sol",
  "total_return_percent",
  "max_drawdown_percent",
  "trades",
  "win_rate",
  "profit_factor",
  "expectancy_sol",
  "sharpe",
];

function useDefinitions() {
  return useQuery(definitionsQuery);
}

/** The few figures that everybody asks for first. */
export function MainFigures({ statistics }: { statistics: Overall }) {
  const items = useDefinitions().data?.items ?? [];
  const shown = main.flatMap((name) => items.find((it) => it.name === name) ?? []);
  if (shown.length === 0) return <Skeleton label="Figures load" rows={2} />;
  return (
    <dl
      aria-label="Main figures"
      className="grid shrink-0 grid-cols-2 gap-px overflow-hidden rounded-lg border border-line sm:grid-cols-4 xl:grid-cols-8"
    >
      {shown.map((definition) => (
        <FigureCell key={definition.name} reading={readingOf(definition, statistics)} />
      ))}
    </dl>
  );
}

/** All of them, each with what it means. */
export function FiguresCard({ statistics }: { statistics: Overall }) {
  const query = useDefinitions();
  return (
    <Card title="Statistics">
      {query.isPending && <Skeleton label="Statistics load" rows={6} />}
      {query.isError && !query.data && (
        <Failure
          title="What the figures mean could not be loaded"
          error={query.error}
          onRetry={query.refetch}
          busy={query.isFetching}
        />
      )}
      {query.data &&
        readingsOf(query.data.items, statistics).map(({ title, readings }) => (
          <section key={title} aria-label={title}>
            <h3 className="border-line border-y bg-raised px-3 py-1 font-semibold text-muted text-sm first:border-t-0">
              {title}
            </h3>
            <dl className="grid grid-cols-2 gap-px overflow-hidden sm:grid-cols-3 lg:grid-cols-6">
              {readings.map((reading) => (
                <FigureCell key={reading.name} reading={reading} />
              ))}
            </dl>
          </section>
        ))}
    </Card>
  );
}
