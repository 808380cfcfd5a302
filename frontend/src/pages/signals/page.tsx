import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { countsQuery } from "@/api/signals";
import { cleanText } from "@/lib/text";
import { Card } from "@/ui/card";
import { ErrorBoundary } from "@/ui/error-boundary";
import { ExportMenu } from "@/ui/export-menu";
import { SelectField } from "@/ui/field";
import { Segments } from "@/ui/segments";
import { FunnelCard } from "./funnel/funnel-card";
import { FilterBar } from "./list/filter-bar";
import { SignalList } from "./list/signal-list";
import {
  type Days,
  type Filters,
  filtersOf,
  periods,
  queryOf,
  type SignalsSearch,
  USUAL_DAYS,
  withFilters,
} from "./search";
import { ScorecardCard } from "./sources/scorecard";
import { Story } from "./story/story";

const options = periods.map((days) => ({
  value: String(days),
  title: days === 1 ? "24 h" : `${days} d`,
}));

interface PeriodBarProps {
  days: Days;
  of: string | undefined;
  onChange: (change: Pick<SignalsSearch, "days" | "of">) => void;
}

/** What the funnel and the scorecard are about. */
function PeriodBar({ days, of, onChange }: PeriodBarProps) {
  const sources = useQuery(countsQuery).data?.sources.map(({ source }) => source) ?? [];
  const all = of === undefined || sources.includes(of) ? sources : [...sources, of];
  return (
    <div className="flex flex-wrap items-end justify-between gap-2">
      <Segments
        label="Period of the funnel and the scorecard"
        value={String(days)}
        onChange={(value) => onChange({ days: Number(value) as Days })}
        options={options}
      />
      <div className="min-w-40">
        <SelectField
          label={<span className="sr-only">Source of the funnel and the scorecard</span>}
          value={of ?? ""}
          onChange={(event) => onChange({ of: event.target.value || undefined })}
        >
          <option value="">All sources</option>
          {all.map((source) => (
            <option key={source} value={source}>
              {cleanText(source, 60)}
            </option>
          ))}
        </SelectField>
      </div>
    </div>
  );
}

/** Every signal, how far it got, and how good its source is. */
export function SignalsPage() {
  const search = useSearch({ from: "/signed-in/signals" });
  const navigate = useNavigate({ from: "/signals" });
  const { signal, days = USUAL_DAYS, of } = search;
  const filters = filtersOf(search);
  const go = (next: SignalsSearch, replace = false) =>
    navigate({ search: next, replace, resetScroll: false });
  const filter = (change: Partial<Filters>) =>
    go(withFilters(search, { ...filters, ...change }), true);
  return (
    <main className="mx-auto grid w-full max-w-[120rem] flex-1 grid-cols-1 gap-2 p-2 xl:h-[calc(100dvh-3rem)] xl:min-h-[40rem] xl:flex-none xl:grid-cols-[minmax(0,1fr)_30rem] xl:grid-rows-[minmax(0,1fr)]">
      <h1 className="sr-only">Signals</h1>
      <div className="flex h-[85dvh] min-h-[38rem] min-w-0 flex-col xl:h-auto xl:min-h-0">
        <Card
          title="Every signal"
          fill
          className="flex flex-col"
          actions={<ExportMenu name="signals" filters={queryOf(filters)} />}
        >
          <FilterBar
            filters={filters}
            onChange={filter}
            onClear={() => go({ signal, days: search.days, of }, true)}
          />
          <ErrorBoundary title="The list">
            <SignalList
              key={JSON.stringify(filters)}
              filters={filters}
              selected={signal}
              onOpen={(id) => go({ ...search, signal: id })}
            />
          </ErrorBoundary>
        </Card>
      </div>
      <div className="flex min-h-0 min-w-0 flex-col gap-2 *:shrink-0 xl:overflow-y-auto">
        <PeriodBar days={days} of={of} onChange={(change) => go({ ...search, ...change }, true)} />
        <ErrorBoundary title="The funnel">
          <FunnelCard days={days} of={of} />
        </ErrorBoundary>
        <ErrorBoundary title="The scorecard">
          <ScorecardCard
            days={days}
            of={of}
            onChoose={(source) => go({ ...search, of: source }, true)}
          />
        </ErrorBoundary>
      </div>
      {signal !== undefined && (
        <ErrorBoundary title="The signal's story">
          <Story id={signal} onClose={() => go({ ...search, signal: undefined })} />
        </ErrorBoundary>
      )}
    </main>
  );
}
