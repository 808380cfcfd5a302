import { useQuery } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import { historyQuery } from "@/api/history";
import { faultsIn } from "@/api/problem";
import { formatCount } from "@/lib/format";
import { cleanText } from "@/lib/text";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { formatDay } from "../words";
import { costChoices } from "./choices";
import type { Draft } from "./draft";
import { dayStart, type Faults } from "./request";
import { candlesIn, commonTimeframes, type Stocked, stockOf } from "./stock";
import { change } from "./store";
import { combinationsText, placeInWords, strategiesText } from "./words";

function spanText(draft: Draft, chosen: Stocked[]): string {
  const firsts = chosen.map((it) => it.first).sort();
  const lasts = chosen.map((it) => it.last).sort();
  const [from, to] = [draft.from || firsts[0], draft.to || lasts.at(-1)];
  return from && to ? `${formatDay(from)} to ${formatDay(to)}` : "–";
}

function candlesText(draft: Draft, chosen: Stocked[]): string {
  const timeframe = draft.timeframe || chosen[0]?.entries[0]?.timeframe;
  if (timeframe === undefined || commonTimeframes(chosen).length === 0) return "–";
  const time = (day: string | undefined) => (day === undefined ? null : Date.parse(day));
  const [from, to] = [time(dayStart(draft.from)), time(dayStart(draft.to, true))];
  return `about ${formatCount(candlesIn(chosen, timeframe, from, to))} of ${timeframe}`;
}

interface RunCardProps {
  draft: Draft;
  /** Of a sweep: how many values each parameter has. */
  varied: Record<string, number | null> | null;
  faults: Faults;
  error: Error | null;
  busy: boolean;
}

function Faulty({ faults, error }: Pick<RunCardProps, "faults" | "error">) {
  const all = Object.entries(faults);
  // What the platform points at is in the list already.
  const words = error && faultsIn(error).length === 0 ? error.message : null;
  if (all.length === 0 && words === null) return null;
  return (
    <div role="alert" className="rounded-md bg-down-soft px-3 py-2 text-sm">
      {words && <p>{words}</p>}
      {all.length > 0 && <p className="font-medium">Not run yet:</p>}
      <ul className="flex list-disc flex-col gap-0.5 pl-4">
        {all.map(([pointer, detail]) => (
          <li key={pointer}>
            {placeInWords(pointer)}: {detail}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What will be run, in words, and the button that does it. */
export function RunCard({ draft, varied, faults, error, busy }: RunCardProps) {
  const history = useQuery(historyQuery);
  const chosen = stockOf(history.data ?? []).filter((it) => draft.tokens.includes(it.token));
  const names = chosen.map((it) => cleanText(it.symbol, 24)).join(", ");
  const rows: [string, string][] = [
    ["Tokens", names || "none chosen"],
    ["Days", chosen.length > 0 ? spanText(draft, chosen) : "–"],
    ["Candles", candlesText(draft, chosen)],
    ["Entry", strategiesText(draft)],
    ["Costs", costChoices.find((it) => it.value === draft.costs)?.title ?? ""],
  ];
  return (
    <aside
      aria-label="What will be run"
      className="flex min-w-0 flex-col gap-3 rounded-lg border border-line bg-surface p-3 sm:p-4 lg:sticky lg:top-3"
    >
      <h2 className="font-semibold text-lg">
        {draft.kind === "sweep" ? "This sweep" : "This backtest"}
      </h2>
      {varied && (
        <p role="status" className="rounded-md bg-accent-soft px-3 py-2 font-semibold text-accent">
          {combinationsText(draft, varied)}
        </p>
      )}
      <dl className="flex flex-col gap-1.5 text-sm">
        {rows.map(([title, text]) => (
          <div key={title} className="flex justify-between gap-3">
            <dt className="shrink-0 text-muted">{title}</dt>
            <dd className="min-w-0 text-right">{text}</dd>
          </div>
        ))}
      </dl>
      <TextField
        label="Name"
        hint="To find it again; you may leave it empty."
        placeholder="wider stop"
        maxLength={100}
        value={draft.name}
        onChange={(event) => change({ type: "set", values: { name: event.target.value } })}
      />
      <Faulty faults={faults} error={error} />
      <Button type="submit" look="primary" size="large" busy={busy}>
        <FlaskConical size={16} aria-hidden="true" />
        {draft.kind === "sweep" ? "Run the sweep" : "Run the backtest"}
      </Button>
      <Button look="quiet" size="small" onClick={() => change({ type: "restart" })}>
        Start over
      </Button>
    </aside>
  );
}
