import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { historyQuery } from "@/api/history";
import { formatCount } from "@/lib/format";
import { cleanText } from "@/lib/text";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { classes } from "@/ui/classes";
import { Failure } from "@/ui/failure";
import { SelectField, TextField } from "@/ui/field";
import { Skeleton } from "@/ui/skeleton";
import { NoHistory } from "../history/no-history";
import { formatDay } from "../words";
import type { Draft } from "./draft";
import type { Faults } from "./request";
import { Section } from "./section";
import { commonTimeframes, type Stocked, stockOf } from "./stock";
import { change } from "./store";

const MANY = 8;

function gapsText({ gaps, missing }: Stocked): string {
  if (gaps === 0) return "no gaps";
  return `${formatCount(gaps)} ${gaps === 1 ? "gap" : "gaps"}, ${formatCount(missing)} candles missing`;
}

function Choice({ stocked, picked }: { stocked: Stocked; picked: boolean }) {
  const symbol = cleanText(stocked.symbol, 24);
  const toggle = (next: boolean) => change({ type: "token", token: stocked.token, picked: next });
  return (
    <li>
      <label
        className={classes(
          "flex cursor-pointer items-start gap-2.5 rounded-md border px-3 py-2 hover:bg-hover",
          picked ? "border-accent bg-accent-soft" : "border-line",
        )}
      >
        <input
          type="checkbox"
          checked={picked}
          onChange={(event) => toggle(event.target.checked)}
          className="mt-0.5 size-4 shrink-0 accent-accent-strong"
        />
        <span className="flex min-w-0 flex-1 flex-col">
          <span className="flex flex-wrap items-center gap-x-2">
            <span className="font-semibold">{symbol}</span>
            <span className="text-muted text-sm">
              {stocked.entries.map((entry) => entry.timeframe).join(", ")}
            </span>
            {stocked.own && <Badge tone="accent">Yours</Badge>}
          </span>
          <span className="num whitespace-normal text-muted text-sm">
            {formatDay(stocked.first)} to {formatDay(stocked.last)}
          </span>
          <span className="num whitespace-normal text-faint text-xs">
            {formatCount(stocked.candles)} candles, {gapsText(stocked)}
          </span>
        </span>
      </label>
    </li>
  );
}

function Choices({ draft, stock, faults }: { draft: Draft; stock: Stocked[]; faults: Faults }) {
  const [wanted, setWanted] = useState("");
  const chosen = stock.filter((it) => draft.tokens.includes(it.token));
  const frames = commonTimeframes(chosen);
  const text = wanted.trim().toLowerCase();
  const shown = stock.filter((it) => `${it.symbol} ${it.token}`.toLowerCase().includes(text));
  const set = (values: Partial<Draft>) => change({ type: "set", values });
  return (
    <div className="flex flex-col gap-3">
      {stock.length > MANY && (
        <TextField
          label="Find a token"
          type="search"
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
      )}
      <ul className="grid max-h-80 gap-2 overflow-y-auto sm:grid-cols-2 2xl:grid-cols-3">
        {shown.map((stocked) => (
          <Choice
            key={stocked.token}
            stocked={stocked}
            picked={draft.tokens.includes(stocked.token)}
          />
        ))}
      </ul>
      {faults["/candles"] && <p className="font-medium text-down text-sm">{faults["/candles"]}</p>}
      <div className="grid gap-3 sm:grid-cols-3">
        <SelectField
          label="Timeframe"
          value={draft.timeframe}
          disabled={chosen.length === 0}
          hint="Coarser candles are made of finer ones."
          fault={faults["/candles/timeframe"]}
          onChange={(event) => set({ timeframe: event.target.value })}
        >
          <option value="">As stored</option>
          {frames.map((frame) => (
            <option key={frame}>{frame}</option>
          ))}
        </SelectField>
        <TextField
          label="First day (UTC)"
          type="date"
          hint="Empty: from the first candle."
          fault={faults["/candles/from"]}
          value={draft.from}
          onChange={(event) => set({ from: event.target.value })}
        />
        <TextField
          label="Last day (UTC)"
          type="date"
          hint="Empty: to the last candle."
          fault={faults["/candles/to"]}
          value={draft.to}
          onChange={(event) => set({ to: event.target.value })}
        />
      </div>
    </div>
  );
}

interface HistorySectionProps {
  number: number;
  draft: Draft;
  faults: Faults;
  onUpload: () => void;
}

/** Which candles a run sees. */
export function HistorySection({ number, draft, faults, onUpload }: HistorySectionProps) {
  const query = useQuery(historyQuery);
  return (
    <Section
      number={number}
      title="History"
      lead="One token or several, which then share the wallet. Candles before the first day warm up the strategies."
      actions={
        <Button size="small" onClick={onUpload}>
          Upload a file
        </Button>
      }
    >
      {query.isPending && <Skeleton label="History loads" rows={3} />}
      {query.isError && !query.data && (
        <Failure
          title="The stored history could not be loaded"
          error={query.error}
          onRetry={query.refetch}
          busy={query.isFetching}
        />
      )}
      {query.data?.length === 0 && <NoHistory onUpload={onUpload} />}
      {query.data && query.data.length > 0 && (
        <Choices draft={draft} stock={stockOf(query.data)} faults={faults} />
      )}
    </Section>
  );
}
