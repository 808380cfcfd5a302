import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { classes } from "@/ui/classes";
import { ErrorBoundary } from "@/ui/error-boundary";
import { Comparison } from "./compare/comparison";
import { RunForm } from "./form/run-form";
import { HistoryView } from "./history/history-view";
import { idsOf, type ResearchSearch } from "./places";
import { BacktestPage } from "./result/backtest-page";
import { RunList } from "./runs/run-list";
import { SweepPage } from "./sweep/sweep-page";

const tabs: { title: string; search: ResearchSearch; shows: ResearchSearch["view"][] }[] = [
  { title: "Runs", search: {}, shows: [undefined, "backtest", "sweep", "compare"] },
  { title: "New run", search: { view: "new" }, shows: ["new"] },
  { title: "History", search: { view: "history" }, shows: ["history"] },
];

function Tabs({ view }: { view: ResearchSearch["view"] }) {
  return (
    <nav aria-label="Research" className="flex gap-1 overflow-x-auto border-line border-b">
      {tabs.map(({ title, search, shows }) => (
        <Link
          key={title}
          to="/research"
          search={search}
          // Beside the navigation between pages, which marks this one as a whole.
          activeProps={{ "aria-current": undefined }}
          aria-current={shows.includes(view) ? "true" : undefined}
          className={classes(
            "-mb-px shrink-0 border-b-2 px-3 py-2 font-medium hover:text-text focus-visible:outline-offset-[-2px]",
            shows.includes(view) ? "border-accent text-text" : "border-transparent text-muted",
          )}
        >
          {title}
        </Link>
      ))}
    </nav>
  );
}

function View({ search }: { search: ResearchSearch }) {
  const navigate = useNavigate();
  const go = (to: ResearchSearch) => navigate({ to: "/research", search: to });
  const { view, id } = search;
  if (view === "backtest" && id !== undefined) return <BacktestPage key={id} id={id} onGo={go} />;
  if (view === "sweep" && id !== undefined) return <SweepPage key={id} id={id} onGo={go} />;
  if (view === "compare") return <Comparison ids={idsOf(search.ids)} />;
  if (view === "history") return <HistoryView onNew={() => go({ view: "new" })} />;
  if (view === "new") {
    return (
      <RunForm
        onStarted={(kind, started) => go({ view: kind, id: started })}
        onUpload={() => go({ view: "history" })}
      />
    );
  }
  return (
    <RunList
      onNew={() => go({ view: "new" })}
      onCompare={(ids) => go({ view: "compare", ids: ids.join(",") })}
    />
  );
}

/** Strategies on the past: runs, what came of them, and the history that they stand on. */
export function ResearchPage() {
  const search = useSearch({ from: "/signed-in/research" });
  const { view, id, ids } = search;
  return (
    <main className="mx-auto flex w-full max-w-[92rem] flex-1 flex-col gap-3 p-3">
      <h1 className="sr-only">Research</h1>
      <Tabs view={view} />
      <ErrorBoundary key={`${view}/${id}/${ids}`} title="This part">
        <View search={search} />
      </ErrorBoundary>
    </main>
  );
}
