import { useQuery } from "@tanstack/react-query";
import { type Savings, skippedQuery } from "@/api/analytics";
import { RequestFailed } from "@/api/problem";
import { formatCount } from "@/lib/format";
import { useProfile } from "@/lib/profile";
import { stepInWords } from "@/lib/reasons";
import { useWallet } from "@/lib/session";
import { cleanText } from "@/lib/text";
import { Card } from "@/ui/card";
import { Empty } from "@/ui/empty";
import { ExportMenu } from "@/ui/export-menu";
import { Failure } from "@/ui/failure";
import { Change } from "@/ui/figures";
import { PnlBar } from "@/ui/pnl-bar";
import { Scroller } from "@/ui/scroller";
import { Skeleton } from "@/ui/skeleton";
import { type Column, SortableTable } from "@/ui/sortable-table";
import { resultsOf, stageNames, verdictOf } from "./words";

const UNAVAILABLE = 503;

/** What was not reckoned has no result: it neither saved nor cost anything. */
function Saved({ filter }: { filter: Savings }) {
  if (resultsOf(filter) === 0) return <span className="text-faint text-sm">no prices</span>;
  return <Change value={filter.saved_sol} />;
}

const columnsOf = (largest: number): Column<Savings>[] => [
  {
    id: "filter",
    title: "Filter",
    sortBy: ({ filter }) => stepInWords(filter ?? ""),
    cell: ({ filter }) => (
      <span className="whitespace-nowrap font-semibold">
        {stepInWords(cleanText(filter ?? "", 64))}
      </span>
    ),
  },
  {
    id: "saved",
    title: "Saved, SOL",
    isNumber: true,
    sortBy: (filter) => (resultsOf(filter) === 0 ? null : filter.saved_sol),
    cell: (filter) => <Saved filter={filter} />,
  },
  {
    id: "bar",
    title: "Share",
    sortBy: ({ saved_sol }) => Math.abs(saved_sol),
    cell: ({ saved_sol }) => <PnlBar value={saved_sol} largest={largest} />,
  },
  {
    id: "skipped",
    title: "Skipped",
    isNumber: true,
    sortBy: ({ skipped }) => skipped,
    cell: ({ skipped }) => formatCount(skipped),
  },
  {
    id: "won",
    title: "Would have won",
    isNumber: true,
    sortBy: ({ won }) => won,
    cell: ({ won }) => formatCount(won),
  },
  {
    id: "lost",
    title: "Would have lost",
    isNumber: true,
    sortBy: ({ lost }) => lost,
    cell: ({ lost }) => formatCount(lost),
  },
  {
    id: "average",
    title: "On average",
    isNumber: true,
    sortBy: ({ average_pnl_percent }) => average_pnl_percent,
    cell: ({ average_pnl_percent }) => <Change value={average_pnl_percent} unit="percent" />,
  },
  {
    id: "stage",
    title: "Stage",
    sortBy: ({ stage }) => stage ?? "",
    cell: ({ stage }) => <span className="text-muted">{stage && stageNames[stage]}</span>,
  },
];

interface FiltersProps {
  total: Savings;
  filters: Savings[];
  complete: boolean;
}

function Filters({ total, filters, complete }: FiltersProps) {
  const largest = Math.max(0, ...filters.map(({ saved_sol }) => Math.abs(saved_sol)));
  return (
    <>
      <p className="border-line border-b px-3 py-2 text-muted text-sm">
        {formatCount(total.skipped)} signals were not bought. {verdictOf(total)}
        {!complete && " Only the newest 5,000 decisions are counted."} Reckoned as if each had been
        bought at the size and sold by the plan that you had then.
      </p>
      <Scroller label="Filters, scrollable">
        <SortableTable
          label="What filters saved or cost"
          columns={columnsOf(largest)}
          rows={filters}
          keyOf={({ stage, filter }) => `${stage} ${filter}`}
          initial={{ column: "skipped", descending: true }}
        />
      </Scroller>
    </>
  );
}

export function Skipped() {
  const { within } = useProfile();
  const query = useQuery(skippedQuery(useWallet(), within));
  const isAbsent = query.error instanceof RequestFailed && query.error.status === UNAVAILABLE;
  return (
    <Card
      title="What filters saved or cost"
      actions={<ExportMenu name="skipped" filters={{ ...within }} />}
    >
      {query.isPending && <Skeleton label="Skipped signals load" rows={5} />}
      {query.isError && !query.data && (
        <Failure
          title={
            isAbsent
              ? "This needs the engine, which does not run right now"
              : "What filters did could not be loaded"
          }
          error={query.error}
          onRetry={query.refetch}
          busy={query.isFetching}
        />
      )}
      {query.data?.total.skipped === 0 && (
        <Empty title="Nothing was skipped">
          A signal that a filter keeps you from buying is followed, and counts here with what it
          would have made.
        </Empty>
      )}
      {query.data && query.data.total.skipped > 0 && <Filters {...query.data} />}
    </Card>
  );
}
