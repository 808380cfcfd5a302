import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { type Compared, comparedQuery, definitionsQuery } from "@/api/research";
import { formatPercentChange } from "@/lib/format";
import { Card } from "@/ui/card";
import { Empty } from "@/ui/empty";
import { Failure } from "@/ui/failure";
import { LinesChart } from "@/ui/lines-chart";
import { Skeleton } from "@/ui/skeleton";
import { Twin } from "@/ui/twin";
import type { Json } from "../form/restore";
import { thinned } from "../result/curve";
import { readingOf } from "../result/statistics";
import { beside } from "../settings-words";
import { titleOf } from "../titles";
import { formatDay } from "../words";
import { bestOf } from "./best";
import { curvesOf } from "./curves";
import { Legend } from "./legend";
import { SideBySide } from "./side-by-side";

const TWIN_ROWS = 60;
const shown = [
  "net_pnl_sol",
  "total_return_percent",
  "max_drawdown_percent",
  "trades",
  "win_rate",
  "profit_factor",
  "expectancy_sol",
  "sqn",
  "sharpe",
  "sortino",
  "calmar",
  "exposure",
  "median_holding_seconds",
  "best_sol",
  "worst_sol",
  "volume_sol",
];
function Curves({ compared }: { compared: Compared }) {
  const lines = useMemo(() => curvesOf(compared), [compared]);
  const titles = compared.items.map(titleOf);
  const rows = useMemo(() => {
    const byDay = lines.map((line) => new Map(line.points.map((it) => [it.time, it.value])));
    return thinned(compared.days, TWIN_ROWS).map((day) => ({
      key: day,
      cells: [
        formatDay(1_000 * day),
        ...byDay.map((values) => formatPercentChange(values.get(day), 2)),
      ],
    }));
  }, [lines, compared.days]);
  return (
    <Card title="Growth since the start, %" actions={null}>
      <Legend titles={titles} />
      <div className="h-80">
        <LinesChart
          label="Growth of the compared runs, with drawdown below"
          lines={lines}
          format={(value) => formatPercentChange(value)}
        />
      </div>
      <Twin
        title="Growth as a table"
        headings={["Day, UTC", ...titles.map((title, index) => `${index + 1}. ${title}`)]}
        rows={rows}
      />
    </Card>
  );
}

function Figures({ compared }: { compared: Compared }) {
  const definitions = useQuery(definitionsQuery).data?.items ?? [];
  const rows = shown.flatMap((name) => {
    const definition = definitions.find((it) => it.name === name);
    if (!definition) return [];
    const readings = compared.items.map((run) => readingOf(definition, run.statistics));
    const values = readings.map(({ value }) => (typeof value === "number" ? value : null));
    return [
      {
        name,
        title: readings[0]?.title ?? definition.title,
        definition: definition.definition,
        texts: readings.map(({ value, text }) => (value === null ? null : text)),
        best: bestOf(name, values),
        differs: false,
      },
    ];
  });
  return <SideBySide title="Figures" titles={compared.items.map(titleOf)} rows={rows} />;
}

function Settings({ compared }: { compared: Compared }) {
  const rows = beside(compared.items.map((run) => run.request as Json));
  // What differs first: it is why the results do.
  const sorted = [...rows].sort((one, other) => Number(other.differs) - Number(one.differs));
  return (
    <SideBySide
      title="Settings"
      lead="What differs stands first and is marked."
      titles={compared.items.map(titleOf)}
      rows={sorted.map((row) => ({ ...row, best: null }))}
    />
  );
}

/** Backtests side by side: curves, figures, and what was set differently. */
export function Comparison({ ids }: { ids: number[] }) {
  const query = useQuery({ ...comparedQuery(ids), enabled: ids.length > 0 });
  if (ids.length === 0) {
    return (
      <Card title="Compare">
        <Empty title="Nothing to compare yet">
          Tick two to four finished backtests in the{" "}
          <Link to="/research" search={{}} className="text-accent underline">
            list of runs
          </Link>
          .
        </Empty>
      </Card>
    );
  }
  if (query.isPending) return <Skeleton label="The runs load" rows={10} />;
  if (!query.data) {
    return (
      <Failure
        title="These runs could not be compared"
        error={query.error}
        onRetry={query.refetch}
        busy={query.isFetching}
      />
    );
  }
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <Curves compared={query.data} />
      <Figures compared={query.data} />
      <Settings compared={query.data} />
    </div>
  );
}
