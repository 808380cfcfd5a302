import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { Card } from "@/ui/card";
import { ErrorBoundary } from "@/ui/error-boundary";
import { ExportMenu } from "@/ui/export-menu";
import { Segments } from "@/ui/segments";
import { EventList } from "./event-list";
import { FilterBar } from "./filter-bar";
import { type EventsSearch, queryOf, readSearch } from "./filters";

type Tail = "live" | "paused";
const tails: { value: Tail; title: string }[] = [
  { value: "live", title: "Live" },
  { value: "paused", title: "Paused" },
];

/** Everything that happened to the wallet, as it happens. */
export function EventsPage() {
  const search = readSearch({ ...useSearch({ from: "/signed-in/events" }) });
  const navigate = useNavigate({ from: "/events" });
  const [tail, setTail] = useState<Tail>("live");
  const filter = (next: EventsSearch) =>
    navigate({ search: readSearch({ ...next }), replace: true, resetScroll: false });
  return (
    <main className="mx-auto flex w-full max-w-7xl flex-1 flex-col p-2 md:h-[calc(100dvh-3rem)] md:min-h-[32rem] md:flex-none">
      <h1 className="sr-only">Events</h1>
      <div className="flex h-[calc(100dvh-7.5rem)] min-h-[36rem] flex-col md:h-auto md:min-h-0 md:flex-1">
        <Card
          title="Events"
          fill
          className="flex flex-col"
          actions={
            <div className="flex items-center gap-2">
              <Segments label="New events" value={tail} onChange={setTail} options={tails} />
              <ExportMenu name="events" filters={{ ...queryOf(search), order: "desc" }} />
            </div>
          }
        >
          <FilterBar search={search} onChange={filter} />
          <ErrorBoundary title="The list">
            <EventList key={JSON.stringify(search)} search={search} isLive={tail === "live"} />
          </ErrorBoundary>
        </Card>
      </div>
    </main>
  );
}
